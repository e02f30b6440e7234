/*
 * A power cut in a process of ours: preloaded, it intercepts the program's calls of libc for every file of one directory and
 * remembers the unsynced writes. At the chosen operation it reverts them (all of them, or as a disk that reorders would, all
 * but some of them) and kills the process. The directory then has the contents that a machine would find after the cut.
 *
 *   POWERCUT_DIR    directory, absolute
 *   POWERCUT_AFTER  operations (writes, truncations, syncs, removals) until the cut; 0: never
 *   POWERCUT_KEEP   chance in percent that an unsynced write survives
 *   POWERCUT_SEED   of that chance
 *
 * Shared memory (-shm) is ignored, because SQLite rebuilds it. Unknown calls end the process with 99.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS 65536

struct change { /* of a file's content, not synced yet */
  struct change *before;
  off_t size;  /* of the file, before */
  off_t at;    /* where bytes changed */
  size_t old_length, new_length;
  char *old_bytes, *new_bytes; /* new_bytes NULL: a truncation to `at` */
};
struct file {
  struct file *next;
  dev_t dev;
  ino_t ino;
  struct change *changes;
};
enum entry_kind { MADE, REMOVED, RENAMED };
struct entry { /* of the directory, not synced yet */
  struct entry *before;
  enum entry_kind kind;
  char *path, *from, *kept;
};

static char directory[PATH_MAX];
static size_t directory_length;
static long left = -1, keep, hidden;
static uint64_t chance = 88172645463325252ull;
static struct file *files;
static struct entry *entries;
static struct file *open_files[FDS];
static char open_directories[FDS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_fsync)(int);
static int (*real_fallocate)(int, off_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);

__attribute__((constructor)) static void begin(void) {
  real_open = dlsym(RTLD_NEXT, "open");
  real_close = dlsym(RTLD_NEXT, "close");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate");
  real_writev = dlsym(RTLD_NEXT, "writev");
  const char *dir = getenv("POWERCUT_DIR");
  if (!dir) return;
  snprintf(directory, sizeof directory, "%s", dir);
  directory_length = strlen(directory);
  if (getenv("POWERCUT_AFTER")) left = atol(getenv("POWERCUT_AFTER"));
  if (left == 0) left = -1;
  if (getenv("POWERCUT_KEEP")) keep = atol(getenv("POWERCUT_KEEP"));
  if (getenv("POWERCUT_SEED")) chance ^= strtoull(getenv("POWERCUT_SEED"), NULL, 10) * 0x9E3779B97F4A7C15ull;
}

static void refuse(const char *call) {
  fprintf(stderr, "powercut: %s on a watched file is not understood\n", call);
  _exit(99);
}

static int survives(void) {
  chance ^= chance << 13;
  chance ^= chance >> 7;
  chance ^= chance << 17;
  return (long)(chance % 100) < keep;
}

static int watched(const char *path) {
  if (!directory_length || !path || strncmp(path, directory, directory_length) != 0 || path[directory_length] != '/') return 0;
  size_t length = strlen(path);
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static struct file *file_of(int fd) { return fd >= 0 && fd < FDS ? open_files[fd] : NULL; }

static void forget(struct change *change) {
  while (change) {
    struct change *before = change->before;
    free(change->old_bytes);
    free(change->new_bytes);
    free(change);
    change = before;
  }
}

static void remember(int fd, struct file *file, off_t at, const void *bytes, size_t length) {
  struct stat is;
  fstat(fd, &is);
  struct change *change = calloc(1, sizeof *change);
  change->size = is.st_size;
  change->at = at;
  off_t end = bytes ? at + (off_t)length : is.st_size;
  if (end > is.st_size) end = is.st_size;
  if (end > at) {
    change->old_length = end - at;
    change->old_bytes = malloc(change->old_length);
    if (pread(fd, change->old_bytes, change->old_length, at) != (ssize_t)change->old_length) {
      /* The descriptor may be for writing only. */
      char self[64];
      snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
      int reading = real_open(self, O_RDONLY);
      if (pread(reading, change->old_bytes, change->old_length, at) != (ssize_t)change->old_length) refuse("reading back");
      real_close(reading);
    }
  }
  if (bytes) {
    change->new_length = length;
    change->new_bytes = malloc(length);
    memcpy(change->new_bytes, bytes, length);
  }
  change->before = file->changes;
  file->changes = change;
}

static void remember_entry(enum entry_kind kind, const char *path, const char *from, const char *kept) {
  struct entry *entry = calloc(1, sizeof *entry);
  entry->kind = kind;
  entry->path = strdup(path);
  entry->from = from ? strdup(from) : NULL;
  entry->kept = kept ? strdup(kept) : NULL;
  entry->before = entries;
  entries = entry;
}

/* Takes a file out of sight instead of removing it, so that a cut can bring it back. */
static char *hide(const char *path) {
  static char to[PATH_MAX + 32];
  snprintf(to, sizeof to, "%s.cut/%d-%ld", directory, getpid(), hidden++);
  return real_rename(path, to) == 0 ? to : NULL;
}

static int open_by_inode(struct file *file) {
  DIR *dir = opendir(directory);
  struct dirent *each;
  int fd = -1;
  while (dir && fd < 0 && (each = readdir(dir))) {
    char path[PATH_MAX + 300];
    struct stat is;
    snprintf(path, sizeof path, "%s/%s", directory, each->d_name);
    if (stat(path, &is) == 0 && is.st_ino == file->ino && is.st_dev == file->dev) fd = real_open(path, O_RDWR);
  }
  if (dir) closedir(dir);
  return fd;
}

static void cut(void) {
  while (entries) {
    struct entry *entry = entries;
    entries = entry->before;
    switch (entry->kind) {
      case MADE:
        if (!survives()) real_unlink(entry->path);
        break;
      case REMOVED:
        if (!survives()) real_rename(entry->kept, entry->path);
        break;
      case RENAMED:
        real_rename(entry->path, entry->from);
        if (entry->kept) real_rename(entry->kept, entry->path);
        break;
    }
  }
  for (struct file *file = files; file; file = file->next) {
    if (!file->changes) continue;
    int fd = open_by_inode(file);
    if (fd < 0) continue;
    struct change *first = NULL;
    for (struct change *change = file->changes; change;) {
      if (change->old_length && real_pwrite(fd, change->old_bytes, change->old_length, change->at) < 0) refuse("taking back");
      real_ftruncate(fd, change->size);
      struct change *before = change->before;
      change->before = first;
      first = change;
      change = before;
    }
    for (struct change *change = first; change; change = change->before) {
      if (!survives()) continue;
      if (!change->new_bytes) {
        real_ftruncate(fd, change->at);
        continue;
      }
      /* Sectors arrive whole, but not all of them must. */
      size_t length = change->new_length;
      if (survives() && length > 512) length = (chance % (length / 512)) * 512;
      if (length) real_pwrite(fd, change->new_bytes, length, change->at);
    }
    real_close(fd);
  }
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* Called with the lock held, before the operation happens. */
static void tick(void) {
  if (left > 0 && --left == 0) cut();
}

static int track(int fd, const char *path, int flags, int existed) {
  if (fd < 0 || fd >= FDS) return fd;
  struct stat is;
  fstat(fd, &is);
  if (S_ISDIR(is.st_mode)) {
    open_directories[fd] = strcmp(path, directory) == 0;
    return fd;
  }
  if (!watched(path)) return fd;
  struct file *file = files;
  while (file && (file->ino != is.st_ino || file->dev != is.st_dev)) file = file->next;
  if (!file) {
    file = calloc(1, sizeof *file);
    file->dev = is.st_dev;
    file->ino = is.st_ino;
    file->next = files;
    files = file;
  }
  /* An inode's number may come back for another file. */
  if (!existed) {
    forget(file->changes);
    file->changes = NULL;
    remember_entry(MADE, path, NULL, NULL);
  }
  open_files[fd] = file;
  if (existed && flags & O_TRUNC) {
    remember(fd, file, 0, NULL, 0);
    real_ftruncate(fd, 0);
  }
  return fd;
}

static int opened(const char *path, int flags, mode_t mode) {
  if (!directory_length || strncmp(path, directory, directory_length) != 0) return real_open(path, flags, mode);
  pthread_mutex_lock(&lock);
  int existed = access(path, F_OK) == 0;
  if (watched(path) && !existed && flags & O_CREAT) tick();
  /* Truncated by hand below, so that it can be taken back. */
  int fd = real_open(path, watched(path) ? flags & ~O_TRUNC : flags, mode);
  track(fd, path, flags, existed);
  pthread_mutex_unlock(&lock);
  return fd;
}

#define MODE(flags)                            \
  mode_t mode = 0;                             \
  if ((flags) & (O_CREAT | O_TMPFILE)) {       \
    va_list rest;                              \
    va_start(rest, flags);                     \
    mode = va_arg(rest, mode_t);               \
    va_end(rest);                              \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return opened(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE(flags)
  return opened(path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
  MODE(flags)
  if (at == AT_FDCWD || path[0] == '/') return opened(path, flags, mode);
  static int (*real_openat)(int, const char *, int, ...);
  if (!real_openat) real_openat = dlsym(RTLD_NEXT, "openat");
  return real_openat(at, path, flags, mode);
}

int close(int fd) {
  if (fd >= 0 && fd < FDS) {
    open_files[fd] = NULL;
    open_directories[fd] = 0;
  }
  return real_close(fd);
}

static ssize_t written(int fd, const void *bytes, size_t length, off_t at, int here) {
  struct file *file = file_of(fd);
  if (!file) return here ? real_write(fd, bytes, length) : real_pwrite(fd, bytes, length, at);
  pthread_mutex_lock(&lock);
  tick();
  if (here) at = lseek(fd, 0, SEEK_CUR);
  remember(fd, file, at, bytes, length);
  ssize_t done = here ? real_write(fd, bytes, length) : real_pwrite(fd, bytes, length, at);
  pthread_mutex_unlock(&lock);
  return done;
}
ssize_t write(int fd, const void *bytes, size_t length) { return written(fd, bytes, length, 0, 1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return written(fd, bytes, length, at, 0); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return written(fd, bytes, length, at, 0); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (file_of(fd)) refuse("writev");
  return real_writev(fd, parts, count);
}
int posix_fallocate(int fd, off_t at, off_t length) {
  if (file_of(fd)) refuse("posix_fallocate");
  return real_fallocate(fd, at, length);
}

static int truncated(int fd, off_t size) {
  struct file *file = file_of(fd);
  if (!file) return real_ftruncate(fd, size);
  pthread_mutex_lock(&lock);
  tick();
  remember(fd, file, size, NULL, 0);
  int done = real_ftruncate(fd, size);
  pthread_mutex_unlock(&lock);
  return done;
}
int ftruncate(int fd, off_t size) { return truncated(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncated(fd, size); }

static int synced(int fd) {
  struct file *file = file_of(fd);
  int of_directory = fd >= 0 && fd < FDS && open_directories[fd];
  if (!file && !of_directory) return real_fsync(fd);
  pthread_mutex_lock(&lock);
  tick();
  if (file) {
    forget(file->changes);
    file->changes = NULL;
  } else {
    while (entries) {
      struct entry *entry = entries;
      entries = entry->before;
      if (entry->kept) real_unlink(entry->kept);
    }
  }
  pthread_mutex_unlock(&lock);
  return 0;
}
int fsync(int fd) { return synced(fd); }
int fdatasync(int fd) { return synced(fd); }

int unlink(const char *path) {
  if (!watched(path)) return real_unlink(path);
  pthread_mutex_lock(&lock);
  tick();
  char *kept = hide(path);
  if (kept) remember_entry(REMOVED, path, NULL, kept);
  pthread_mutex_unlock(&lock);
  if (kept) return 0;
  errno = ENOENT;
  return -1;
}

int rename(const char *from, const char *to) {
  if (!watched(from) && !watched(to)) return real_rename(from, to);
  pthread_mutex_lock(&lock);
  tick();
  char *kept = access(to, F_OK) == 0 ? hide(to) : NULL;
  int done = real_rename(from, to);
  if (done == 0) remember_entry(RENAMED, to, from, kept);
  pthread_mutex_unlock(&lock);
  return done;
}
