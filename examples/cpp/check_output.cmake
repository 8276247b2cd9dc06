# cmake -D PROGRAM=… -D MODE=… -D EXPECTED=… -P check_output.cmake: runs the program in the mode and
# compares what it writes.
if(MODE STREQUAL "plain")
  set(arguments)
else()
  set(arguments --${MODE})
endif()
execute_process(COMMAND ${PROGRAM} ${arguments}
  OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ${arguments} ended with ${status}:\n${output}${errors}")
endif()
file(READ ${EXPECTED} expected)
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "${PROGRAM} ${arguments} wrote\n${output}instead of\n${expected}")
endif()
message("${errors}")
