// The files of the live page and the schemas of documents, as they were when this was compiled.
#ifndef PAGE_H
#define PAGE_H

#include <stddef.h>

// One file, by its name without a folder, such as page.css or status.schema.json. NULL for any other name.
const unsigned char *page_bytes(const char *name, size_t *count);

#endif
