#ifndef DISK_FAULTS_H
#define DISK_FAULTS_H

// A disk that refuses to take what it is given: fsync() fails with EIO for every file whose path begins with a prefix.
// One prefix at a time; NULL ends it.
void disk_faults_refuse(const char *prefix);

// How often it has refused so far.
long disk_faults_refusal_count(void);

#endif
