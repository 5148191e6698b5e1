# Warnings are errors in our own code; third-party headers are SYSTEM includes.
add_library(deltic_warnings INTERFACE)
target_compile_options(deltic_warnings INTERFACE -Wall -Wextra -Werror -Wnon-virtual-dtor -Woverloaded-virtual
                                                 -Wno-missing-field-initializers)
