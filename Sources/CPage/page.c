#include "page.h"

#include <string.h>

// A directive of C23 that the compiler has in every language: the file is read while this is compiled, and is noted as
// what this depends on.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "../Web/Page/index.html"
};
static const unsigned char page_css[] = {
#embed "../Web/Page/page.css"
};
static const unsigned char favicon_svg[] = {
#embed "../Web/Page/favicon.svg"
};
static const unsigned char page_js[] = {
#embed "../Web/Page/page.js"
};
static const unsigned char alarms_js[] = {
#embed "../Web/Page/alarms.js"
};
static const unsigned char channels_js[] = {
#embed "../Web/Page/channels.js"
};
static const unsigned char chart_js[] = {
#embed "../Web/Page/chart.js"
};
static const unsigned char dom_js[] = {
#embed "../Web/Page/dom.js"
};
static const unsigned char events_js[] = {
#embed "../Web/Page/events.js"
};
static const unsigned char feed_js[] = {
#embed "../Web/Page/feed.js"
};
static const unsigned char figures_js[] = {
#embed "../Web/Page/figures.js"
};
static const unsigned char flow_js[] = {
#embed "../Web/Page/flow.js"
};
static const unsigned char history_js[] = {
#embed "../Web/Page/history.js"
};
static const unsigned char ledger_js[] = {
#embed "../Web/Page/ledger.js"
};
static const unsigned char limits_js[] = {
#embed "../Web/Page/limits.js"
};
static const unsigned char links_js[] = {
#embed "../Web/Page/links.js"
};
static const unsigned char parameters_js[] = {
#embed "../Web/Page/parameters.js"
};
static const unsigned char passes_js[] = {
#embed "../Web/Page/passes.js"
};
static const unsigned char problems_js[] = {
#embed "../Web/Page/problems.js"
};
static const unsigned char words_js[] = {
#embed "../Web/Page/words.js"
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

static const struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} files[] = {
  {"index.html", index_html, sizeof index_html},
  {"page.css", page_css, sizeof page_css},
  {"favicon.svg", favicon_svg, sizeof favicon_svg},
  {"page.js", page_js, sizeof page_js},
  {"alarms.js", alarms_js, sizeof alarms_js},
  {"channels.js", channels_js, sizeof channels_js},
  {"chart.js", chart_js, sizeof chart_js},
  {"dom.js", dom_js, sizeof dom_js},
  {"events.js", events_js, sizeof events_js},
  {"feed.js", feed_js, sizeof feed_js},
  {"figures.js", figures_js, sizeof figures_js},
  {"flow.js", flow_js, sizeof flow_js},
  {"history.js", history_js, sizeof history_js},
  {"ledger.js", ledger_js, sizeof ledger_js},
  {"limits.js", limits_js, sizeof limits_js},
  {"links.js", links_js, sizeof links_js},
  {"parameters.js", parameters_js, sizeof parameters_js},
  {"passes.js", passes_js, sizeof passes_js},
  {"problems.js", problems_js, sizeof problems_js},
  {"words.js", words_js, sizeof words_js},
  {"documents.json", documents_json, sizeof documents_json},
  {"status.schema.json", status_json, sizeof status_json},
  {"events.schema.json", events_json, sizeof events_json},
};

const unsigned char *page_bytes(const char *name, size_t *count) {
  for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
    if (strcmp(files[index].name, name) == 0) {
      *count = files[index].count;
      return files[index].bytes;
    }
  }
  *count = 0;
  return NULL;
}
