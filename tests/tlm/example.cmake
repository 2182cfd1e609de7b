# Installs the libraries, builds examples/ against the installed package and runs the result.
# Given: SOURCE_DIR, BINARY_DIR, WORK_DIR, NETWORK.
function(step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN} failed:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
step(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${WORK_DIR}/prefix)
step(${CMAKE_COMMAND} -S ${SOURCE_DIR}/examples -B ${WORK_DIR}/build -G Ninja
     -DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix)
step(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
step(${WORK_DIR}/build/smallest_platform ${NETWORK})
message("${output}")
if(NOT output MATCHES "cycles, error 0, logits:( -?[0-9]+)+\n")
  message(FATAL_ERROR "the example says something else")
endif()

step(${WORK_DIR}/build/layer_in_a_design ${NETWORK})
string(REGEX MATCHALL "z_[0-9]+ = " made "${output}")
list(LENGTH made made)
if(NOT output MATCHES "31 cycles at work.*as the golden model has it" OR NOT made EQUAL 30)
  message(FATAL_ERROR "the layer says something else:\n${output}")
endif()
