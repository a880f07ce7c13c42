// libexpat, the XML parser: a stream of elements with their lines, and a DOCTYPE that can be refused.
#include <expat.h>
