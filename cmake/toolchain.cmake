# Warnings, sanitizers, linker and compiler cache for every target.
add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside the standard library's and Boost's inlined code.
  add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=stringop-overflow -Wno-error=array-bounds
                      -Wno-error=restrict -Wno-error=dangling-pointer -Wno-error=stringop-overread
                      -Wno-error=free-nonheap-object)
endif()

if(AITBC_SANITIZE)
  add_compile_options(-fsanitize=${AITBC_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${AITBC_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Sanitizer instrumentation defeats GCC's flow analysis for these.
    add_compile_options(-Wno-maybe-uninitialized)
  elseif(AITBC_SANITIZE MATCHES "undefined")
    # clang 14 mistakes coroutine frames for functions of another type.
    add_compile_options(-fno-sanitize=function)
  endif()
endif()
if(AITBC_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(AITBC_CCACHE ccache)
if(AITBC_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${AITBC_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${AITBC_CCACHE})
endif()
find_program(AITBC_MOLD mold)
if(AITBC_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
