# Compiler and linker settings that hold for every target.

find_program(OURO_CCACHE ccache)
if(OURO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness lets ccache keep sources that use a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${OURO_CCACHE})
endif()

find_program(OURO_LLD ld.lld)
if(OURO_LLD)
  add_link_options(-fuse-ld=lld)
endif()

# Libraries become part of executables, which lie at a fixed address: what a program does not use is
# then never touched, and nothing has to be relocated.
if(OURO_STATIC)
  add_compile_options(-fno-pie -ffunction-sections -fdata-sections)
  add_link_options(-no-pie -static-libstdc++ -static-libgcc -Wl,--gc-sections)
endif()

add_library(ouro_warnings INTERFACE)
target_compile_options(ouro_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow)

# Object structs are laid out by hand and ask for the offsets of their fields.
add_compile_options(-Wno-invalid-offsetof)
# A block is a float now and a list's items next; the compiler must not assume that a store through
# one type leaves what was read through another.
add_compile_options(-fno-strict-aliasing)

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # A precompiled header that differs only in its time stamp is the same one.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

if(OURO_CHECKED)
  add_compile_definitions(OURO_CHECKED=1)
endif()

if(OURO_SANITIZE)
  add_compile_options(-fsanitize=${OURO_SANITIZE} -fno-sanitize-recover=undefined
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${OURO_SANITIZE})
endif()
