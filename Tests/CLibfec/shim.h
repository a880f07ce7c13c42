// libfec, another Reed–Solomon decoder: what ours is compared with.
#include <fec.h>

// Its table from the conventional basis to the dual one, whose size Swift cannot know.
static inline unsigned char clibfec_to_dual(unsigned char symbol) { return Taltab[symbol]; }
