"""The commands whose results are stored, by the name of the file in stored/.

{out} stands for a folder that is gone after the test, and {models} for golden/models. Every command
but `report` gets --data, and --json with a file.
"""

NARROW = "--config testbench/configs/narrow.yaml"
PIPELINED = "--config testbench/configs/pipelined.yaml"
STEPPED = "--config testbench/configs/stepped.yaml"
TWO_FACTORISED = "--network {models}/mnist-784-50-100-10-r30-r20.onnx"
DENSE = "--network {models}/mnist-784-50-100-10.onnx"
GRID = "testbench/grids/small.yaml --db {out}/sweep.sqlite --csv {out}/sweep.csv"

COMMANDS = {
    "verify": "verify --images 20",
    "verify_jobs": "verify --images 30 --jobs 2 --split test --first 100",
    "verify_narrow": f"verify {NARROW} --images 5",
    "verify_pipelined": f"verify {PIPELINED} {TWO_FACTORISED} --images 5",
    "verify_stepped": f"verify {STEPPED} --network {{models}}/mnist-784-50-100-10-r8.onnx --images 3",
    "verify_dense": f"verify {DENSE} --images 5 --set defaults.input_buffers=2",
    "verify_sequential": f"verify {TWO_FACTORISED} --images 5 --set defaults.schedule=sequential "
                         "--set defaults.psum_storage=memory",
    "verify_other_weights": "verify --network {models}/mnist-784-50-100-10-r30-4bit.onnx --reference "
                            "{models}/mnist-784-50-100-10-r30.onnx --images 20",
    "compare": "compare --images 3",
    "compare_narrow": f"compare {NARROW} {TWO_FACTORISED} --images 2 --batch 4 --energy-table eyeriss",
    "compare_jobs": "compare --network {models}/mnist-784-50-100-10-r30-ternary.onnx --images 20 "
                    "--jobs 2 --set defaults.input_buffers=2 --bandwidth 20000",
    "sweep": f"sweep {GRID} --simulate 0.1",
    "sweep_energy": f"sweep {GRID} {TWO_FACTORISED} --images 3 --energy horowitz-45nm --weights dram/4 "
                    "--pareto cycles,energy_per_image,accuracy",
    "sweep_shard": f"sweep {GRID} --network {{models}}/mnist-784-50-100-10-r16.onnx --shard 2/3 --jobs 2",
    "platform": "platform --images 8",
    "platform_loose": f"platform {NARROW} --images 6 --style loose --memory simple --weights per_batch "
                      "--batch 3 --accelerators 2",
    "platform_layers": "platform --images 6 --parallel model --accelerators 3 --weights per_image "
                       "--memory ddr3_1600_x64 --bus-bytes 8",
    "platform_spill": "platform --images 4 --set defaults.schedule=sequential --z unfused",
    "platform_poisson": "platform --images 20 --arrivals poisson --rate 1e5 --seed 3 --batch 4 "
                        "--batch-timeout-us 20",
    "platform_periodic": "platform --images 5 --arrivals periodic --rate 1e4",
    "platform_placement": "platform --images 4 --experiment placement",
    "platform_load": "platform --images 6 --experiment load --batches 1,4 --weights per_batch",
    "platform_parallel": "platform --images 6 --experiment parallel --batch 2",
    "lockstep": "lockstep --images 1 --set defaults.lanes_u=16 --stalls 5",
    "trace": "trace -o {out}/waves",
    "trace_window": "trace -o {out}/waves --layer 1 --rank 3-5 --lanes 2-3 --scope layer_1.streaming.engine.dcl",
    "accesses": "export accesses -o {out}/accesses.csv",
    "accesses_ramulator": f"export accesses {NARROW} -o {{out}}/accesses.txt --format ramulator",
    "accesses_dramsys": f"export accesses {TWO_FACTORISED} -o {{out}}/accesses.stl --format dramsys --images 2",
    "rtl": f"export rtl {TWO_FACTORISED} -o {{out}}/rtl",
}
