# Exports the accelerator, runs its bench under Icarus, and holds its count of cycles against that of
# the SystemC model; then once more with one wrong expected logit, which must be seen.

function(run_bench result)
  execute_process(COMMAND ${IVERILOG} -Wall -g2005 -o bench accelerator_bench.v accelerator.v ${sources}
                  WORKING_DIRECTORY ${FOLDER} ERROR_VARIABLE warnings COMMAND_ERROR_IS_FATAL ANY)
  if(warnings)
    message(FATAL_ERROR "Icarus warns of what is exported: ${warnings}")
  endif()
  execute_process(COMMAND ${VVP} bench WORKING_DIRECTORY ${FOLDER} OUTPUT_VARIABLE output
                  COMMAND_ERROR_IS_FATAL ANY)
  set(${result} "${output}" PARENT_SCOPE)
endfunction()

set(images 2)
file(REMOVE_RECURSE ${FOLDER})
execute_process(COMMAND ${CFCSIM} export rtl --data ${DATA} --images ${images} -o ${FOLDER}
                COMMAND_ERROR_IS_FATAL ANY)
file(GLOB sources ${FOLDER}/rtl_ref/*.v)
execute_process(COMMAND ${CFCSIM} verify --data ${DATA} --images ${images} --json -
                OUTPUT_VARIABLE verified COMMAND_ERROR_IS_FATAL ANY)
string(JSON cycles GET "${verified}" cycles total)

run_bench(output)
message("${output}")
if(NOT output MATCHES "${images} images, 0 mismatches, ${cycles} cycles")
  message(FATAL_ERROR "expected ${images} images, 0 mismatches and ${cycles} cycles, as in SystemC")
endif()

file(READ ${FOLDER}/logits.hex logits)
string(SUBSTRING "${logits}" 0 1 digit)
string(SUBSTRING "${logits}" 1 -1 rest)
if(digit STREQUAL "0")
  set(logits "1${rest}")
else()
  set(logits "0${rest}")
endif()
file(WRITE ${FOLDER}/logits.hex "${logits}")
run_bench(output)
if(NOT output MATCHES "1 mismatches")
  message(FATAL_ERROR "a wrong expected logit was not seen: ${output}")
endif()
