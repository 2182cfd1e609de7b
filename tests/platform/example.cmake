# Installs the libraries, builds examples/ against the installed package and runs the result.
# Its logits must be those of golden. Given: SOURCE_DIR, BINARY_DIR, WORK_DIR, NETWORK, GOLDEN_LOGITS.
function(step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN} failed:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
step(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${WORK_DIR}/prefix)

# Every installed header finds what it includes; internal ones stayed behind.
file(GLOB_RECURSE headers RELATIVE ${WORK_DIR}/prefix/include ${WORK_DIR}/prefix/include/*.h)
if(NOT headers MATCHES "cfcsim/sc_model/accelerator.h" OR headers MATCHES "configuration_keys.h")
  message(FATAL_ERROR "installed: ${headers}")
endif()
list(TRANSFORM headers REPLACE "(.+)" "#include <\\1>\n")
string(REPLACE ";" "" everything "${headers}")
file(WRITE ${WORK_DIR}/everything.cpp "#define SC_INCLUDE_DYNAMIC_PROCESSES\n${everything}")
step(c++ -std=c++17 -fsyntax-only -I/usr/include/eigen3 -I${WORK_DIR}/prefix/include
     -I${WORK_DIR}/prefix/include/cfcsim ${WORK_DIR}/everything.cpp)

step(${CMAKE_COMMAND} -S ${SOURCE_DIR}/examples -B ${WORK_DIR}/build -G Ninja
     -DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix
     -DDRAMSYS_SOURCE=${SOURCE_DIR}/tests/platform/dramsys_stand_in)
step(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
step(${GOLDEN_LOGITS} ${NETWORK} 128)  # the grey of the example's image
set(expected "${output}")
foreach(platform smallest_platform platform_with_dramsys)
  step(${WORK_DIR}/build/${platform} ${NETWORK})
  message("${output}")
  if(NOT output MATCHES "cycles, error 0, (logits:[^\n]*\n)" OR NOT CMAKE_MATCH_1 STREQUAL expected)
    message(FATAL_ERROR "${platform}: golden says ${expected}")
  endif()
endforeach()

step(${WORK_DIR}/build/layer_in_a_design ${NETWORK})
string(REGEX MATCHALL "z_[0-9]+ = " made "${output}")
list(LENGTH made made)
if(NOT output MATCHES "31 cycles at work.*as the golden model has it" OR NOT made EQUAL 30)
  message(FATAL_ERROR "the layer says something else:\n${output}")
endif()
