# ouro_layer(NAME [USES layer…] [TESTS_USE layer…] [LIBRARIES target…] [STRICT])
#
# Makes, from what lies in the folders named after the layer:
#   ouro_NAME         static library from src/NAME/*.cpp; INTERFACE while the folder has headers only
#   ouro_NAME_tests   one GoogleTest binary from tests/NAME/*_test.cpp; each test is a ctest entry
#                     named NAME/Suite.Test with the label NAME
# Includes are written from src/ ("heap/pool.h"); tests may also include helpers from tests/.
# STRICT adds -Wconversion to the library, for layers that compute sizes.

if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  # The one precompiled header all test binaries share: a test file then costs 0.4 s, not 1.0 s.
  file(WRITE ${PROJECT_BINARY_DIR}/gtest_header.cpp "#include <gtest/gtest.h>\n")
  add_library(ouro_gtest OBJECT ${PROJECT_BINARY_DIR}/gtest_header.cpp)
  # Warnings too: -Wpedantic changes predefined macros, and g++ refuses a header made with others.
  target_link_libraries(ouro_gtest PRIVATE GTest::gtest fmt::fmt ouro_warnings)
  target_precompile_headers(ouro_gtest PRIVATE <gtest/gtest.h>)
endif()

function(ouro_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "STRICT" "" "USES;TESTS_USE;LIBRARIES")
  list(TRANSFORM layer_USES PREPEND ouro_)
  list(TRANSFORM layer_TESTS_USE PREPEND ouro_)

  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/cli/main\\.cpp$")
  if(sources)
    add_library(ouro_${name} STATIC ${sources})
    target_include_directories(ouro_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(ouro_${name} PUBLIC ${layer_USES} ${layer_LIBRARIES}
                                       PRIVATE ouro_warnings)
    if(layer_STRICT)
      target_compile_options(ouro_${name} PRIVATE -Wconversion)
    endif()
  else()
    add_library(ouro_${name} INTERFACE)
    target_include_directories(ouro_${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(ouro_${name} INTERFACE ${layer_USES} ${layer_LIBRARIES})
  endif()

  file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*_test.cpp)
  if(BUILD_TESTING AND tests)
    add_executable(ouro_${name}_tests ${tests})
    target_include_directories(ouro_${name}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(ouro_${name}_tests PRIVATE ouro_${name} ${layer_TESTS_USE} ouro_warnings
                                                     GTest::gtest GTest::gtest_main fmt::fmt)
    target_precompile_headers(ouro_${name}_tests REUSE_FROM ouro_gtest)
    gtest_discover_tests(ouro_${name}_tests
      TEST_PREFIX ${OURO_TEST_PREFIX}${name}/
      DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS ${name} TIMEOUT 120)
  endif()
endfunction()
