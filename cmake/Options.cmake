# The compiler's settings for all code of this repository, and the libraries
# that it stands on.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(LOADLINE_CCACHE ccache)
if(LOADLINE_CCACHE)
  # base_dir and hash_dir let two checkouts share what they compiled; the
  # sloppiness is what ccache asks for to cache precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${LOADLINE_CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libpqxx REQUIRED IMPORTED_TARGET libpqxx)
find_package(SQLiteCpp REQUIRED)
find_package(tl-expected REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(CURL REQUIRED)
find_package(GTest REQUIRED)
find_package(rapidcheck CONFIG REQUIRED)

# Debian ships no CMake package for it.
if(NOT TARGET re2::re2)
  find_library(LOADLINE_RE2 re2 REQUIRED)
  add_library(re2::re2 UNKNOWN IMPORTED)
  set_target_properties(re2::re2 PROPERTIES IMPORTED_LOCATION ${LOADLINE_RE2})
endif()

add_library(loadline_options INTERFACE)
target_compile_options(loadline_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Werror
  # g++ 12 sees overlaps in std::string that are not there (gcc bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Plans are compared byte for byte: a fused multiply-add would make the
  # answer depend on the machine.
  -ffp-contract=off)
if(LOADLINE_SANITIZE)
  add_compile_options(-fsanitize=${LOADLINE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # What a sanitizer adds to the code hides from g++ that libstdc++ did write
  # a member first (gcc bug 105593); the other builds keep the warning.
  target_compile_options(loadline_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_link_options(-fsanitize=${LOADLINE_SANITIZE})
endif()
if(LOADLINE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()
