#include "page.h"

// A directive of C23 that the compiler has in every language: the file is read while this is compiled, and is noted as
// what this depends on.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "../Web/Page/index.html"
};
static const unsigned char page_css[] = {
#embed "../Web/Page/page.css"
};
static const unsigned char page_js[] = {
#embed "../Web/Page/page.js"
};
static const unsigned char favicon_svg[] = {
#embed "../Web/Page/favicon.svg"
};
static const unsigned char documents_json[] = {
#embed "../Web/OpenAPI/documents.json"
};
static const unsigned char status_json[] = {
#embed "../../systemd/schema/status.schema.json"
};
static const unsigned char events_json[] = {
#embed "../../systemd/schema/events.schema.json"
};

const unsigned char *page_bytes(int index, size_t *count) {
  switch (index) {
  case 0: *count = sizeof index_html; return index_html;
  case 1: *count = sizeof page_css; return page_css;
  case 2: *count = sizeof page_js; return page_js;
  case 3: *count = sizeof favicon_svg; return favicon_svg;
  case 4: *count = sizeof documents_json; return documents_json;
  case 5: *count = sizeof status_json; return status_json;
  case 6: *count = sizeof events_json; return events_json;
  default: *count = 0; return NULL;
  }
}
