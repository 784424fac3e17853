# loadline_module(name SOURCES ... [PUBLIC ...] [PRIVATE ...])
#
# One room of the house: a static library `loadline_<name>`, used as
# `loadline::<name>`. PUBLIC and PRIVATE name what it may include; they are the
# arrows of docs/ARCHITECTURE.md. Headers are included by their path from the
# root of the repository.
function(loadline_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  add_library(loadline_${name} STATIC ${arg_SOURCES})
  add_library(loadline::${name} ALIAS loadline_${name})
  target_include_directories(loadline_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(loadline_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} loadline_options)
endfunction()

# loadline_executable(name SOURCES ... LIBRARIES ...)
function(loadline_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} loadline_options)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# Makes the target `<label>_tests` build `name` too.
function(loadline_built_with label name)
  if(NOT TARGET ${label}_tests)
    add_custom_target(${label}_tests)
  endif()
  add_dependencies(${label}_tests ${name})
endfunction()

# loadline_test(name LABEL unit|conformance|integration|e2e|golden|long SOURCES ... LIBRARIES ... [TIMEOUT s])
#
# One test program; ctest runs it whole. LABEL selects it (`ctest -L unit`), and
# the target `<LABEL>_tests` builds all that have it. What is `long` is not part
# of `make test` but of `make test-long`.
function(loadline_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT" "SOURCES;LIBRARIES")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gmock GTest::gtest_main loadline_options)
  target_compile_definitions(${name} PRIVATE LOADLINE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" LOADLINE_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
  loadline_built_with(${arg_LABEL} ${name})
endfunction()
