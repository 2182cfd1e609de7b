# Verilator, Icarus and Yosys read the RTL without a warning, and weights become block RAM:
# cmake -DGENERATOR= -DIVERILOG= -DVERILATOR= -DYOSYS= -DRTL= -DFOLDER= -P lint.cmake
function(expect_silence tool folder)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${folder}
    OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
  if(status OR output)
    message(SEND_ERROR "${tool} in ${folder}, status ${status}:\n${output}")
  endif()
endfunction()

file(GLOB_RECURSE sources ${RTL}/*.v)
list(JOIN sources " " all_sources)
foreach(kind dense sequential streaming network worked_example)
  foreach(case 1 2 3)
    set(folder ${FOLDER}/${kind}_${case})
    execute_process(COMMAND ${GENERATOR} ${kind} ${case} ${folder} COMMAND_ERROR_IS_FATAL ANY)
    expect_silence(Verilator ${folder} ${VERILATOR} --lint-only -Wall ${RTL}/lint.vlt
                   --top-module accelerator ${sources} accelerator.v)
    expect_silence(Icarus ${folder} ${IVERILOG} -g2005 -Wall -s accelerator -o accelerator.vvp
                   ${sources} accelerator.v)
    expect_silence(Yosys ${folder} ${YOSYS} -q -p "read_verilog ${all_sources} accelerator.v"
                   -p "hierarchy -check -top accelerator" -p proc -p "check -assert")
    if(kind STREQUAL worked_example)
      break()
    endif()
  endforeach()
endforeach()

# An iCE40, because Yosys knows its memories: one block RAM, and no bit of it in flip-flops.
expect_silence(Yosys ${FOLDER} ${YOSYS} -q -p "read_verilog ${RTL}/hardware/memory.v"
               -p "chparam -set Words 256 -set WordBits 16 memory" -p "synth_ice40 -top memory"
               -p "select -assert-count 1 t:SB_RAM40_4K" -p "select -assert-max 20 t:SB_DFF*")
