// node run.mjs ROUNDS BUILD PAGE: runs every benchmark once a round, and writes the page with their
// medians, spreads and ratios. A ratio is taken within a round, so that a machine that is slow for
// a while slows both sides of it.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { speedPage } from './page.mjs';

const [rounds, build, page] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const program = join(build, 'bin', 'cfc_benchmarks');
const quiet = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 };

function benchmark(name) {
  const output = execFileSync(program, [`--benchmark_filter=^${name}$`,
    '--benchmark_min_time=0.4', '--benchmark_format=json'], quiet);
  return JSON.parse(output).benchmarks[0];
}

// With a broken number of processes, between its neighbours.
function emptyModel(active) {
  const cost = (processes) => 1 / benchmark(`empty/${processes}`).cycles_per_second;
  const few = Math.max(1, Math.floor(active));
  const share = Math.max(0, active - few);
  const cycle = (1 - share) * cost(few) + share * cost(few + 1);
  return { cycles_per_second: 1 / cycle, active };
}

// Icarus on the exported self-checking bench: its cycles, over the time that it ran.
function icarusBench(folder) {
  const cfcsim = join(build, 'bin', 'cfcsim');
  execFileSync(cfcsim, ['export', 'rtl', '--images', '5', '-o', join(folder, 'rtl')], quiet);
  execFileSync('sh', ['-c', 'cd "$0" && iverilog -g2005 -o bench *.v rtl_ref/*.v',
    join(folder, 'rtl')], quiet);
  return () => {
    const began = process.hrtime.bigint();
    const output = execFileSync('vvp', ['bench'], { ...quiet, cwd: join(folder, 'rtl') });
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    return { cycles_per_second: Number(/(\d+) cycles/.exec(output)[1]) / seconds };
  };
}

// Where the instructions of the default configuration's simulated cycles go, by callgrind.
function profile(folder) {
  const file = join(folder, 'callgrind.out');
  execFileSync('valgrind', ['--tool=callgrind', '--toggle-collect=cfc::AcceleratorBench::run*',
    `--callgrind-out-file=${file}`, program, '--benchmark_filter=^model/default$',
    '--benchmark_min_time=0'], quiet);
  const text = execFileSync('callgrind_annotate', ['--auto=no', '--threshold=99', file], quiet);
  return [...text.matchAll(/^\s*[\d,]+ \(\s*([\d.]+)%\)\s+(.*)$/gm)]
    .map(([, share, what]) => ({ share: Number(share), what }))
    .filter(({ what }) => !what.includes('PROGRAM TOTALS'));
}

const folder = mkdtempSync(join(tmpdir(), 'cfc-benchmarks-'));
try {
  const names = execFileSync(program, ['--benchmark_list_tests'], quiet).trim().split('\n')
    .map((name) => name.replace('/real_time', '(/real_time)?'))
    .filter((name) => !name.startsWith('empty/'));
  const icarus = icarusBench(folder);
  const results = [];
  for (let round = 0; round < rounds; ++round) {
    const result = { icarus: icarus() };
    for (const name of names) result[name.replace('(/real_time)?', '')] = benchmark(name);
    result.empty = emptyModel(result['model/default'].active_processes);
    results.push(result);
    process.stderr.write(`benchmark: round ${round + 1} of ${rounds} done\n`);
  }
  const text = speedPage(results, profile(folder), cpus()[0].model);
  writeFileSync(`${page}.new`, text);
  renameSync(`${page}.new`, page);
  process.stdout.write(readFileSync(page, 'utf8'));
} finally {
  rmSync(folder, { recursive: true });
}
