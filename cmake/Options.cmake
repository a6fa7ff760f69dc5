# Warnings, sanitizers and coverage for every target of this project.
option(BEIAN_FUZZ "build the libFuzzer targets (clang only)" OFF)
option(BEIAN_COVERAGE "measure line coverage" OFF)
set(BEIAN_SANITIZE "" CACHE STRING "sanitizers, comma separated: address,undefined or thread")

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False positives of g++ 12 at -O2 in the standard library (GCC bugs 105329, 105593).
  add_compile_options(-Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-maybe-uninitialized)
  if(CMAKE_UNITY_BUILD)  # the joined sources look to it like one that includes others
    add_compile_options(-Wno-subobject-linkage)
  endif()
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_definitions(ASIO_HAS_CO_AWAIT ASIO_HAS_STD_COROUTINE)
endif()
# Asio 1.22 else decides by the headers that a source includes before it how memory is allocated; what
# one source allocated, another would free in another way.
add_compile_definitions(ASIO_STANDALONE ASIO_DISABLE_STD_ALIGNED_ALLOC)
if(BEIAN_SANITIZE STREQUAL "thread")  # which knows mutexes and atomics, and no fences
  add_compile_definitions(ASIO_DISABLE_FENCED_BLOCK)
endif()
if(BEIAN_SANITIZE)
  add_compile_options(-O1 -g -fno-omit-frame-pointer -fsanitize=${BEIAN_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BEIAN_SANITIZE})
endif()
if(BEIAN_FUZZ)
  add_compile_options(-g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()
if(BEIAN_COVERAGE)
  add_compile_options(-O0 -g --coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
find_program(BEIAN_LLD NAMES ld.lld)
if(BEIAN_LLD AND NOT BEIAN_COVERAGE)
  add_link_options(-fuse-ld=lld)
endif()

# beian_library(name SOURCES ... LINKS ...): one target per folder, includes from the root.
function(beian_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  if(NOT arg_SOURCES)  # headers only
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name} INTERFACE ${arg_LINKS})
    return()
  endif()
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${arg_LINKS})
endfunction()

# beian_light(targets...): code that reads and prints texts is no faster with -O2 and takes a third
# longer to compile.
function(beian_light)
  foreach(name ${ARGN})
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  endforeach()
endfunction()

# beian_test(name SOURCES ... LINKS ...): one test program per folder; ctest runs it as one test.
function(beian_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LINKS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE BEIAN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)  # what it calls keeps its own
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()
