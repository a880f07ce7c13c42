// The files of the live page and the schemas of documents, as they were when this was compiled.
#ifndef PAGE_H
#define PAGE_H

#include <stddef.h>

// One file, by its place among index.html, page.css, page.js, favicon.svg, documents.json, status.schema.json and
// events.schema.json. NULL beyond them.
const unsigned char *page_bytes(int index, size_t *count);

#endif
