/*
 * Preloaded into a process, it kills that process with SIGKILL inside the DIE_AT-th write, sync,
 * rename or removal of a file below the directory DIE_UNDER: before the call (DIE_HOW=before), after
 * half of what it writes (torn) or after it (after). What it died in is appended to DIE_NOTE.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

#define REAL(NAME) ((__typeof__(&NAME))dlsym(RTLD_NEXT, #NAME))

static void die(const char *call, const char *path) {
  char line[4400];
  const char *note = getenv("DIE_NOTE"), *name = strrchr(path, '/');
  int length = snprintf(line, sizeof line, "%s %s\n", call, name == NULL ? path : name + 1);
  int file = note == NULL ? -1 : open(note, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (file >= 0 && REAL(write)(file, line, (size_t)length) < 0) perror("die_in_write");
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* Whether this is the call to die in. */
static int due(const char *path) {
  const char *under = getenv("DIE_UNDER"), *at = getenv("DIE_AT");
  if (under == NULL || at == NULL || strncmp(path, under, strlen(under)) != 0) return 0;
  return __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) == atol(at);
}

static int due_in(int file, char path[4096]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, 4095);
  path[length < 0 ? 0 : length] = 0;
  return due(path);
}

static int how(const char *wanted) {
  const char *set = getenv("DIE_HOW");
  return set != NULL && strcmp(set, wanted) == 0;
}

/* `HALF` is the call with half of its bytes, where it has any. */
#define DEADLY(DUE, NAME, PATH, HALF, WHOLE)             \
  int now = DUE;                                         \
  if (now && how("before")) die(NAME, PATH);             \
  if (now && how("torn") && HALF >= -1) die(NAME, PATH); \
  __typeof__(WHOLE) result = WHOLE;                      \
  if (now) die(NAME, PATH);                              \
  return result;

ssize_t write(int file, const void *bytes, size_t count) {
  char path[4096];
  DEADLY(due_in(file, path), "write", path, REAL(write)(file, bytes, count / 2),
         REAL(write)(file, bytes, count))
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  char path[4096];
  DEADLY(due_in(file, path), "pwrite", path, REAL(pwrite)(file, bytes, count / 2, at),
         REAL(pwrite)(file, bytes, count, at))
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  char path[4096];
  DEADLY(due_in(file, path), "pwrite", path, REAL(pwrite64)(file, bytes, count / 2, at),
         REAL(pwrite64)(file, bytes, count, at))
}
int fsync(int file) {
  char path[4096];
  DEADLY(due_in(file, path), "fsync", path, 0, REAL(fsync)(file))
}
int fdatasync(int file) {
  char path[4096];
  DEADLY(due_in(file, path), "fdatasync", path, 0, REAL(fdatasync)(file))
}
int rename(const char *from, const char *to) {
  DEADLY(due(to), "rename", to, 0, REAL(rename)(from, to))
}
int unlink(const char *path) {
  DEADLY(due(path), "unlink", path, 0, REAL(unlink)(path))
}
