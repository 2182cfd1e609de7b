# Counts the instructions of a simulated cycle with callgrind and fails where they are more than 10 %
# above BASELINE, or as far below: then the baseline is out of date, write the new one. With WASTE
# processes added, the check must fail: then this script succeeds only if it does.

separate_arguments(SETTINGS)
execute_process(
  COMMAND ${VALGRIND} --tool=callgrind --callgrind-out-file=/dev/null
          --toggle-collect=cfc::AcceleratorBench::run* ${PROGRAM} ${WASTE} ${SETTINGS}
  OUTPUT_VARIABLE output ERROR_VARIABLE report COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "([0-9]+) cycles" _ "${output}")
set(cycles ${CMAKE_MATCH_1})
string(REGEX MATCH "Collected : ([0-9]+)" _ "${report}")
set(instructions ${CMAKE_MATCH_1})
if(NOT cycles OR NOT instructions)
  message(FATAL_ERROR "nothing was counted: ${output}${report}")
endif()
math(EXPR per_cycle "${instructions} / ${cycles}")
math(EXPR most "${BASELINE} * 110 / 100")
math(EXPR least "${BASELINE} * 90 / 100")
message("${per_cycle} instructions a cycle; baseline ${BASELINE}, at most ${most}")

if(WASTE GREATER 0)
  if(NOT per_cycle GREATER most)
    message(FATAL_ERROR "the check does not see ${WASTE} processes that run for nothing")
  endif()
elseif(per_cycle GREATER most)
  message(FATAL_ERROR "a simulated cycle has become more than 10 % more expensive")
elseif(per_cycle LESS least)
  message(FATAL_ERROR "a simulated cycle has become much cheaper: make ${per_cycle} the baseline")
endif()
