# cmake -D BUILD=… -D SOURCE=… -D COMPILERS="…" -D GENERATOR=… -D LIBDIR=lib
#       -P check_package.cmake
# Installs the library into a folder of the build, then uses it from there: by find_package with each
# compiler, and by pkg-config by hand. Every program must print the same.
set(prefix ${BUILD}/package/installed)
set(work ${BUILD}/package/consumer)
file(REMOVE_RECURSE ${prefix} ${work})

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${status}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(expected "")
function(expect_same program)
  run(${program})
  if(expected STREQUAL "")
    set(expected "${output}" PARENT_SCOPE)
  elseif(NOT output STREQUAL expected)
    message(FATAL_ERROR "${program} printed ${output}, but the others printed ${expected}")
  endif()
  message("${program}: ${output}")
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} --component library)
foreach(compiler IN LISTS COMPILERS)
  cmake_path(GET compiler FILENAME name)
  foreach(optimisation -O0 -O3)
    set(folder ${work}/${name}${optimisation})
    run(${CMAKE_COMMAND} -S ${SOURCE} -B ${folder} -G ${GENERATOR} -D CMAKE_PREFIX_PATH=${prefix}
        -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_FLAGS=${optimisation})
    run(${CMAKE_COMMAND} --build ${folder})
    expect_same(${folder}/consumer)
  endforeach()
  set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
  run(pkg-config --cflags --libs ouro)
  separate_arguments(flags UNIX_COMMAND "${output}")
  run(${compiler} -O3 -Wall -Wextra ${SOURCE}/main.cpp ${flags} -o ${work}/${name}-by-hand)
  expect_same(${work}/${name}-by-hand)
  run(${compiler} -O2 -shared -fPIC ${SOURCE}/main.cpp ${flags} -o ${work}/${name}-shared.so)
endforeach()
