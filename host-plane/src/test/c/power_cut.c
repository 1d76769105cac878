/*
 * Power cuts for tests: preloaded, it stands between a process and the files of one directory (POWER_CUT_DIR).
 *
 * Writes, truncations and deletions reach the file system at once, as they reach the page cache, and are remembered until the file
 * (for deletions: its directory) is synchronised. power_cut(seed) then makes the directory what a
 * disk might hold after the power failed: of what was not synchronised, some is there, some is not, and some is there in part,
 * sector by sector. power_fail_after(n) lets the n-th operation from now on, and all later ones, fail with EIO.
 *
 * Only what SQLite's unix VFS calls is covered: open, pwrite, write, ftruncate, fsync, fdatasync, unlink, close.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILES = 16, MAX_FDS = 4096, SECTOR = 512 };

typedef struct {
    int truncation;
    off_t at; /* of a write; the new length of a truncation */
    size_t length;
    unsigned char *bytes;
} change;

typedef struct {
    char path[512];
    int exists, was_there; /* now; as the disk knows it for certain */
    unsigned char *durable;
    size_t durable_length;
    change *pending;
    int pendings, room;
} file;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static file files[MAX_FILES];
static int file_count;
static file *of_fd[MAX_FDS];
static char *directory_of_fd[MAX_FDS];
static long operations, fail_at = -1;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_close)(int);
static int (*real_open)(const char *, int, ...);

__attribute__((constructor)) static void find_real(void) {
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_close = dlsym(RTLD_NEXT, "close");
    real_open = dlsym(RTLD_NEXT, "open64");
}

static int is_ours(const char *path) {
    const char *directory = getenv("POWER_CUT_DIR");
    return directory && path && strncmp(path, directory, strlen(directory)) == 0 && strstr(path, "records") != NULL;
}

static int is_directory(const char *path) {
    const char *directory = getenv("POWER_CUT_DIR");
    struct stat st;
    return directory && path && strncmp(path, directory, strlen(directory)) == 0 && stat(path, &st) == 0
        && S_ISDIR(st.st_mode);
}

static file *file_at(const char *path) {
    for (int i = 0; i < file_count; i++) {
        if (strcmp(files[i].path, path) == 0) {
            return &files[i];
        }
    }
    if (file_count == MAX_FILES) {
        abort();
    }
    file *f = &files[file_count++];
    strncpy(f->path, path, sizeof f->path - 1);
    return f;
}

static void load(file *f) {
    free(f->durable);
    f->durable = NULL;
    f->durable_length = 0;
    int fd = real_open(f->path, O_RDONLY);
    if (fd < 0) {
        return;
    }
    struct stat st;
    if (fstat(fd, &st) == 0 && st.st_size > 0) {
        f->durable = malloc((size_t)st.st_size);
        ssize_t n = pread(fd, f->durable, (size_t)st.st_size, 0);
        f->durable_length = n > 0 ? (size_t)n : 0;
    }
    real_close(fd);
}

static void forget(file *f) {
    for (int i = 0; i < f->pendings; i++) {
        free(f->pending[i].bytes);
    }
    f->pendings = 0;
}

/* 1 when the operation must fail. Called with the lock. */
static int fails(void) {
    operations++;
    return fail_at >= 0 && operations > fail_at;
}

static void remember(file *f, int truncation, off_t at, const void *bytes, size_t length) {
    if (f->pendings == f->room) {
        f->room = f->room ? 2 * f->room : 16;
        f->pending = realloc(f->pending, (size_t)f->room * sizeof *f->pending);
    }
    change *c = &f->pending[f->pendings++];
    c->truncation = truncation;
    c->at = at;
    c->length = length;
    c->bytes = NULL;
    if (length > 0) {
        c->bytes = malloc(length);
        memcpy(c->bytes, bytes, length);
    }
}

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < MAX_FDS && is_ours(path)) {
        pthread_mutex_lock(&lock);
        file *f = file_at(path);
        if (!f->exists) { /* new, or made again after its deletion: another file of the same name */
            f->exists = 1;
            f->was_there = 0;
            forget(f);
            free(f->durable);
            f->durable = NULL;
            f->durable_length = 0;
        }
        of_fd[fd] = f;
        pthread_mutex_unlock(&lock);
    } else if (fd >= 0 && fd < MAX_FDS && is_directory(path)) {
        directory_of_fd[fd] = strdup(path);
    }
    return fd;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return opened(real_open(path, flags, mode), path);
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return opened(real_open(path, flags, mode), path);
}

int close(int fd) {
    if (fd >= 0 && fd < MAX_FDS) {
        of_fd[fd] = NULL;
        free(directory_of_fd[fd]);
        directory_of_fd[fd] = NULL;
    }
    return real_close(fd);
}

static file *ours(int fd) {
    return fd >= 0 && fd < MAX_FDS ? of_fd[fd] : NULL;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) {
    file *f = ours(fd);
    if (!f) {
        return real_pwrite(fd, bytes, length, at);
    }
    pthread_mutex_lock(&lock);
    ssize_t n = -1;
    if (fails()) {
        errno = EIO;
    } else {
        n = real_pwrite(fd, bytes, length, at);
        if (n > 0) {
            remember(f, 0, at, bytes, (size_t)n);
        }
    }
    pthread_mutex_unlock(&lock);
    return n;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return pwrite64(fd, bytes, length, at);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    file *f = ours(fd);
    if (!f) {
        return real_write(fd, bytes, length);
    }
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t n = pwrite64(fd, bytes, length, at);
    if (n > 0) {
        lseek(fd, at + n, SEEK_SET);
    }
    return n;
}

int ftruncate64(int fd, off_t length) {
    file *f = ours(fd);
    if (!f) {
        return real_ftruncate(fd, length);
    }
    pthread_mutex_lock(&lock);
    int result = -1;
    if (fails()) {
        errno = EIO;
    } else {
        result = real_ftruncate(fd, length);
        if (result == 0) {
            remember(f, 1, length, NULL, 0);
        }
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t length) {
    return ftruncate64(fd, length);
}

/* The files of a directory are there, or gone, for certain. Called with the lock. */
static void settle(const char *directory) {
    size_t length = strlen(directory);
    for (int i = 0; i < file_count; i++) {
        file *f = &files[i];
        if (strncmp(f->path, directory, length) == 0 && f->path[length] == '/') {
            f->was_there = f->exists;
        }
    }
}

static int synchronise(int fd, int (*real)(int)) {
    file *f = ours(fd);
    const char *directory = fd >= 0 && fd < MAX_FDS ? directory_of_fd[fd] : NULL;
    if (!f && !directory) {
        return real(fd);
    }
    pthread_mutex_lock(&lock);
    int result = -1;
    if (fails()) {
        errno = EIO;
    } else {
        result = 0; /* the real disk need not be bothered: this process does not die of the cut */
        if (f) {
            load(f);
            forget(f);
            f->was_there = 1;
        } else {
            settle(directory);
        }
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int fd) {
    return synchronise(fd, real_fsync);
}

int fdatasync(int fd) {
    return synchronise(fd, real_fdatasync);
}

int unlink(const char *path) {
    if (!is_ours(path)) {
        return real_unlink(path);
    }
    pthread_mutex_lock(&lock);
    int result = -1;
    if (fails()) {
        errno = EIO;
    } else {
        result = real_unlink(path);
        if (result == 0) {
            file_at(path)->exists = 0;
        }
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static uint64_t state;

static uint64_t next(void) { /* xorshift64* (Vigna 2016) */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 2685821657736338717ull;
}

static int chance(int one_in) {
    return next() % (uint64_t)one_in == 0;
}

static void put(unsigned char **data, size_t *length, off_t at, const unsigned char *bytes, size_t n) {
    size_t end = (size_t)at + n;
    if (end > *length) {
        *data = realloc(*data, end);
        memset(*data + *length, 0, end - *length);
        *length = end;
    }
    memcpy(*data + at, bytes, n);
}

static void cut(file *f, int mode) {
    unsigned char *data = f->durable;
    size_t length = f->durable_length;
    f->durable = NULL;
    for (int i = 0; i < f->pendings; i++) {
        change *c = &f->pending[i];
        int whole = mode == 1 ? !chance(8) : mode == 2 ? chance(2) : 0;
        if (c->truncation) {
            if (whole && (size_t)c->at < length) {
                length = (size_t)c->at;
            }
        } else if (whole) {
            put(&data, &length, c->at, c->bytes, c->length);
        } else if (mode != 0 && chance(2)) {
            for (size_t done = 0; done < c->length;) {
                size_t n = SECTOR - (size_t)((c->at + (off_t)done) % SECTOR);
                n = n < c->length - done ? n : c->length - done;
                if (chance(2)) {
                    put(&data, &length, c->at + (off_t)done, c->bytes + done, n);
                }
                done += n;
            }
        }
    }
    /* A deletion that was not synchronised may be undone, and so may the making of a file that never was synchronised. */
    int there = f->exists ? (f->was_there || !chance(3)) : (f->was_there && chance(2));
    real_unlink(f->path);
    if (there) {
        int fd = real_open(f->path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
        for (size_t done = 0; fd >= 0 && done < length;) {
            ssize_t n = real_pwrite(fd, data + done, length - done, (off_t)done);
            if (n <= 0) {
                abort();
            }
            done += (size_t)n;
        }
        if (fd < 0) {
            abort();
        }
        real_close(fd);
    }
    free(data);
    forget(f);
    f->exists = there;
    f->was_there = there;
    load(f);
}

/* The n-th operation from now on fails, and all after it. */
void power_fail_after(long n) {
    pthread_mutex_lock(&lock);
    fail_at = operations + n - 1;
    pthread_mutex_unlock(&lock);
}

/* Operations on files of the directory so far. */
long power_operations(void) {
    return operations;
}

/* Files so far are nobody's concern any more. Nothing of the directory may be open. */
void power_forget(void) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < file_count; i++) {
        forget(&files[i]);
        free(files[i].pending);
        free(files[i].durable);
    }
    memset(files, 0, (size_t)file_count * sizeof *files);
    file_count = 0;
    pthread_mutex_unlock(&lock);
}

/* What the disk may hold, and the power is back. Nothing of the directory may be open. */
void power_cut(uint64_t seed) {
    pthread_mutex_lock(&lock);
    state = seed * 2654435761u + 88172645463325252ull;
    int mode = (int)(next() % 3); /* nothing of what was not synchronised; most of it; half of it */
    for (int i = 0; i < file_count; i++) {
        cut(&files[i], mode);
    }
    fail_at = -1;
    pthread_mutex_unlock(&lock);
}
