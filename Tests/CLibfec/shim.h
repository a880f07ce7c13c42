// libfec, another Reed–Solomon decoder: what ours is compared with.
#include <fec.h>

// From the conventional basis to the dual one, and back. The library has them, and its header does not.
extern unsigned char Taltab[256];
extern unsigned char Tal1tab[256];
