# Random accelerators under Icarus: cmake -DGENERATOR= -DIVERILOG= -DVVP= -DRTL= -DBENCH= -DKIND=
# -DCASES= -DFOLDER= [-DSABOTAGE=values|cycles] -P run_cases.cmake
# With SABOTAGE every case has to fail, and for the reason given by EXPECT.
file(GLOB_RECURSE sources ${RTL}/*.v)
list(APPEND sources ${BENCH}/bench.v ${BENCH}/layer_monitor.v)

foreach(case RANGE 1 ${CASES})
  set(folder ${FOLDER}/${KIND}_${case})
  file(REMOVE_RECURSE ${folder})
  execute_process(COMMAND ${GENERATOR} ${KIND} ${case} ${folder} ${SABOTAGE}
    OUTPUT_VARIABLE name ERROR_VARIABLE name COMMAND_ERROR_IS_FATAL ANY
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  execute_process(COMMAND ${IVERILOG} -g2005 -Wall -I ${folder} -s bench -o ${folder}/bench.vvp
                          ${sources} ${folder}/accelerator.v
    OUTPUT_VARIABLE warnings ERROR_VARIABLE warnings COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${VVP} -n bench.vvp WORKING_DIRECTORY ${folder}
    OUTPUT_VARIABLE verdict ERROR_VARIABLE verdict COMMAND_ERROR_IS_FATAL ANY
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  message("${name}: ${warnings}${verdict}")

  if(SABOTAGE)
    if(NOT verdict MATCHES "FAIL ${EXPECT}" OR verdict MATCHES "PASS")
      message(SEND_ERROR "the bench does not see the sabotage of ${SABOTAGE} in ${folder}")
    endif()
  elseif(warnings OR NOT verdict MATCHES "PASS" OR verdict MATCHES "FAIL")
    message(SEND_ERROR "failed: ${folder}")
  endif()
endforeach()
