# The libraries ouro links, each found once and given a target. tools/setup installs them all.

find_package(fmt REQUIRED)

# ouro_find(gmp gmp.h gmp libgmp-dev) makes Ouro::gmp from a header and a library; under OURO_STATIC from
# its archive, where there is one. What the archive needs itself follows the package's name.
function(ouro_find name header library package)
  find_path(OURO_${name}_INCLUDE ${header})
  if(OURO_STATIC)
    find_library(OURO_${name}_LIBRARY NAMES lib${library}.a ${library})
  else()
    find_library(OURO_${name}_LIBRARY ${library})
  endif()
  mark_as_advanced(OURO_${name}_INCLUDE OURO_${name}_LIBRARY)
  if(NOT OURO_${name}_INCLUDE OR NOT OURO_${name}_LIBRARY)
    message(FATAL_ERROR "${header} or lib${library} not found: install ${package}, or run tools/setup")
  endif()
  add_library(Ouro::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(Ouro::${name} PROPERTIES
    IMPORTED_LOCATION ${OURO_${name}_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${OURO_${name}_INCLUDE})
  if(OURO_${name}_LIBRARY MATCHES "\\.a$")
    set_target_properties(Ouro::${name} PROPERTIES INTERFACE_LINK_LIBRARIES "${ARGN}")
  endif()
endfunction()

ouro_find(gmp gmp.h gmp libgmp-dev)
ouro_find(utf8proc utf8proc.h utf8proc libutf8proc-dev)
ouro_find(libedit histedit.h edit libedit-dev tinfo bsd md)
ouro_find(crypto openssl/evp.h crypto libssl-dev)
ouro_find(zlib zlib.h z zlib1g-dev)
ouro_find(expat expat.h expat libexpat1-dev)
ouro_find(sqlite3 sqlite3.h sqlite3 libsqlite3-dev m)
ouro_find(bzip2 bzlib.h bz2 libbz2-dev)
ouro_find(lzma lzma.h lzma liblzma-dev)
