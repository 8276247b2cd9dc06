# The C++ library as others use it: target ouro::heap, installed with headers, CMake package and
# pkg-config file. One archive of heap, gc and library; the headers of these layers and of support
# go to include/ouro/internal with their include lines rewritten, so that no user needs another -I.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

target_include_directories(ouro_library PUBLIC ${PROJECT_SOURCE_DIR}/include)

# Compiled anew: unlike the executable's parts it must fit position-independent programs and shared
# libraries.
file(GLOB package_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/heap/*.cpp
  ${PROJECT_SOURCE_DIR}/src/gc/*.cpp ${PROJECT_SOURCE_DIR}/src/library/*.cpp)
add_library(ouro_package STATIC ${package_sources})
add_library(ouro::heap ALIAS ouro_package)
set_target_properties(ouro_package PROPERTIES
  OUTPUT_NAME ouro EXPORT_NAME heap)
# Last, because the executable's parts are told -fno-pie.
target_compile_options(ouro_package PRIVATE
  $<TARGET_PROPERTY:ouro_warnings,INTERFACE_COMPILE_OPTIONS> -fPIC)
target_compile_features(ouro_package INTERFACE cxx_std_20)
target_include_directories(ouro_package PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
# Users of a checked library must be compiled as it was.
if(OURO_CHECKED)
  target_compile_definitions(ouro_package INTERFACE $<INSTALL_INTERFACE:OURO_CHECKED=1>)
  set(OURO_PC_CHECKED " -DOURO_CHECKED=1")
endif()
if(OURO_SANITIZE)
  target_compile_options(ouro_package INTERFACE $<INSTALL_INTERFACE:-fsanitize=${OURO_SANITIZE}>)
  target_link_options(ouro_package INTERFACE $<INSTALL_INTERFACE:-fsanitize=${OURO_SANITIZE}>)
  set(OURO_PC_SANITIZE " -fsanitize=${OURO_SANITIZE}")
endif()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/ouro)
install(TARGETS ouro_package EXPORT ouro ARCHIVE COMPONENT library)
install(EXPORT ouro NAMESPACE ouro:: FILE ouroTargets.cmake DESTINATION ${package_dir}
        COMPONENT library)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/ouroConfig.cmake.in
  ${PROJECT_BINARY_DIR}/package/ouroConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/ouroConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
# The file finds its own place, so that the installed tree may be moved.
file(RELATIVE_PATH OURO_PC_TO_PREFIX
  ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/cmake/ouro.pc.in ${PROJECT_BINARY_DIR}/package/ouro.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/ouroConfig.cmake
              ${PROJECT_BINARY_DIR}/package/ouroConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/package/ouro.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
install(CODE "set(source_dir \"${PROJECT_SOURCE_DIR}\")
set(relative_include_dir \"${CMAKE_INSTALL_INCLUDEDIR}\")" COMPONENT library)
install(SCRIPT ${PROJECT_SOURCE_DIR}/cmake/InstallHeaders.cmake COMPONENT library)
