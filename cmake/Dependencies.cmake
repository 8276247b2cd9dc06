# The libraries ouro links, each found once and given a target. tools/setup installs them all.

find_package(fmt REQUIRED)

# ouro_find(gmp gmp.h gmp libgmp-dev) makes Ouro::gmp from a header and a library.
function(ouro_find name header library package)
  find_path(OURO_${name}_INCLUDE ${header})
  find_library(OURO_${name}_LIBRARY ${library})
  mark_as_advanced(OURO_${name}_INCLUDE OURO_${name}_LIBRARY)
  if(NOT OURO_${name}_INCLUDE OR NOT OURO_${name}_LIBRARY)
    message(FATAL_ERROR "${header} or lib${library} not found: install ${package}, or run tools/setup")
  endif()
  add_library(Ouro::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(Ouro::${name} PROPERTIES
    IMPORTED_LOCATION ${OURO_${name}_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${OURO_${name}_INCLUDE})
endfunction()

ouro_find(gmp gmp.h gmp libgmp-dev)
ouro_find(utf8proc utf8proc.h utf8proc libutf8proc-dev)
ouro_find(libedit histedit.h edit libedit-dev)
ouro_find(crypto openssl/evp.h crypto libssl-dev)
