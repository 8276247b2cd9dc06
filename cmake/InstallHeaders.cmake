# Run at install time, with source_dir and relative_include_dir set: copies the headers, rewriting
#   #include "gc/header.h"   to   #include "ouro/internal/gc/header.h"

set(target "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/${relative_include_dir}/ouro")
message(STATUS "Installing headers: ${target}")

function(copy_headers from to)
  file(GLOB_RECURSE headers RELATIVE ${from} ${from}/*.h)
  foreach(header IN LISTS headers)
    file(READ ${from}/${header} text)
    string(REGEX REPLACE "#include \"(support|heap|gc)/" "#include \"ouro/internal/\\1/" text
           "${text}")
    file(WRITE ${to}/${header} "${text}")
  endforeach()
endfunction()

copy_headers(${source_dir}/include/ouro ${target})
foreach(layer support heap gc)
  copy_headers(${source_dir}/src/${layer} ${target}/internal/${layer})
endforeach()
