# Library headers compiled once instead of with every file. Not with ccache, whose hits they would spoil; whoever
# builds with it also sees that every file includes what it uses.
set(precompiled_default OFF)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT AITBC_CCACHE)
  set(precompiled_default ON)
endif()
option(AITBC_PRECOMPILED "Precompile library headers" ${precompiled_default})

set(standard_headers <algorithm> <array> <chrono> <functional> <map> <memory> <mutex> <optional> <set> <span> <string>
                     <string_view> <unordered_map> <variant> <vector> <tl/expected.hpp>)

# precompiled_<set>: compiles nothing else. No header of a set may depend on a target's own compile definitions.
function(aitbc_precompiled_set set)
  if(AITBC_PRECOMPILED)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled_${set}.cpp CONTENT "")
    add_library(precompiled_${set} OBJECT ${CMAKE_BINARY_DIR}/precompiled_${set}.cpp)
    target_precompile_headers(precompiled_${set} PRIVATE ${ARGN})
  endif()
endfunction()
aitbc_precompiled_set(standard ${standard_headers})
aitbc_precompiled_set(command_line ${standard_headers} <CLI/CLI.hpp>)
aitbc_precompiled_set(tests ${standard_headers} <doctest/doctest.h>)

# Compiles a target with one of the sets.
function(aitbc_precompile target set)
  get_target_property(type ${target} TYPE)
  if(AITBC_PRECOMPILED AND NOT type STREQUAL "INTERFACE_LIBRARY")
    target_precompile_headers(${target} REUSE_FROM precompiled_${set})
  endif()
endfunction()
