#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The C library has no functions for it, and its headers may be older than the kernel: the interface is spelt out here,
// from the kernel's Documentation/userspace-api/landlock.rst.

enum {
  CREATE_RULESET = 444,
  ADD_RULE = 445,
  RESTRICT_SELF = 446,
};

static const uint32_t ask_for_version = 1;
static const int rule_path_beneath = 1;

struct ruleset {
  uint64_t file_access;
  uint64_t network_access;
  uint64_t scopes;
};

struct path_beneath {
  uint64_t access;
  int32_t directory;
} __attribute__((packed));

// The rights, by their bits.
enum {
  EXECUTE = 1 << 0,
  WRITE_FILE = 1 << 1,
  READ_FILE = 1 << 2,
  READ_DIRECTORY = 1 << 3,
  REMOVE_DIRECTORY = 1 << 4,
  REMOVE_FILE = 1 << 5,
  MAKE_DIRECTORY = 1 << 7,
  MAKE_FILE = 1 << 8,
  MAKE_SOCKET = 1 << 9,
  RENAME_ACROSS = 1 << 13,
  TRUNCATE = 1 << 14,
  CONTROL_DEVICE = 1 << 15,
};

static const uint64_t all_of_version_1 = (1 << 13) - 1;
static const uint64_t rights_of_files = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | CONTROL_DEVICE;
static const uint64_t to_read = READ_FILE | READ_DIRECTORY;
static const uint64_t to_write = WRITE_FILE | REMOVE_DIRECTORY | REMOVE_FILE | MAKE_DIRECTORY | MAKE_FILE |
                                 MAKE_SOCKET | RENAME_ACROSS | TRUNCATE;

static uint64_t rights_of_version(int version) {
  uint64_t rights = all_of_version_1;
  if (version >= 2) rights |= RENAME_ACROSS;
  if (version >= 3) rights |= TRUNCATE;
  if (version >= 5) rights |= CONTROL_DEVICE;
  return rights;
}

int clinux_landlock_version(void) {
  long version = syscall(CREATE_RULESET, NULL, (size_t)0, ask_for_version);
  return version < 0 ? -errno : (int)version;
}

int clinux_landlock_create(int version, uint32_t scopes) {
  struct ruleset rules = {.file_access = rights_of_version(version), .scopes = version >= 6 ? scopes : 0};
  long descriptor = syscall(CREATE_RULESET, &rules, sizeof rules, 0U);
  return descriptor < 0 ? -errno : (int)descriptor;
}

int clinux_landlock_allow(int ruleset, int version, const char *path, int may_write) {
  int descriptor = open(path, O_PATH | O_CLOEXEC);
  if (descriptor < 0) return -errno;
  struct stat status;
  struct path_beneath rule = {.access = to_read | (may_write ? to_write : 0), .directory = descriptor};
  rule.access &= rights_of_version(version);
  int error = fstat(descriptor, &status) < 0 ? errno : 0;
  if (!error) {
    if (!S_ISDIR(status.st_mode)) rule.access &= rights_of_files;
    if (syscall(ADD_RULE, ruleset, rule_path_beneath, &rule, 0U) < 0) error = errno;
  }
  close(descriptor);
  return -error;
}

int clinux_landlock_enforce(int ruleset) {
  return syscall(RESTRICT_SELF, ruleset, 0U) < 0 ? -errno : 0;
}

int clinux_forbid_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) < 0 ? -errno : 0;
}

int clinux_forbid_inspection(void) {
  return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) < 0 ? -errno : 0;
}
