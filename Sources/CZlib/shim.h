// zlib, which packs and unpacks gzip files. Its initializers are macros, which Swift does not see.
#include <zlib.h>

static inline int gzip_pack_init(z_stream *stream) {
  return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int gzip_unpack_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
