// The mathematical functions of the C library, and nothing else of it: the core knows no operating system.
#include <math.h>
