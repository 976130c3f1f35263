/* concejo-sandbox: confines itself, then becomes the helper program.
 *
 *   concejo-sandbox UNPROTECTED UID CPU_S MEMORY FILE PROCESSES FILES PROGRESS DIR [HIDDEN_FOLDER…]
 *                   -- PROGRAM ARGS…
 *
 * stdin, stdout and stderr are the helper's, and with PROGRESS 1 also descriptor 4; nothing else that is open
 * reaches it. Descriptor 3 gets one line where something here fails:
 * "namespace <errno>", "setup <errno>", "exec <errno>"; nothing where the program ran. Three processes: the
 * outer one waits and passes the exit on; the middle one is the first in a process namespace of its own, so
 * that when it ends, the kernel ends everything in there; the inner one is the helper. Each dies with the one
 * before it, SIGKILL included. The helper sees no network, may write in DIR only, and finds HIDDEN_FOLDERs
 * empty. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPORT = 3, PROGRESS = 4, FAILED = 125 };
static int has_progress;

static void give_up(const char* what) {
    char line[64];
    const int length = snprintf(line, sizeof line, "%s %d\n", what, errno);
    if (write(REPORT, line, (size_t)length) < 0) _exit(FAILED);
    _exit(FAILED);
}

static void write_map(const char* file, const char* text) {
    const int fd = open(file, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0) give_up("namespace");
    close(fd);
}

static void limit(int what, const char* text) {
    const rlim_t value = strtoull(text, NULL, 10);
    const struct rlimit both = {value, value};
    if (setrlimit(what, &both) != 0) give_up("setup");
}

static void set_read_only(const char* folder, int recursive, int on) {
    struct mount_attr attributes = {0};
    *(on ? &attributes.attr_set : &attributes.attr_clr) = MOUNT_ATTR_RDONLY;
    if (syscall(SYS_mount_setattr, AT_FDCWD, folder, recursive ? AT_RECURSIVE : 0, &attributes,
                sizeof attributes) != 0)
        give_up("namespace");
}

/* Nothing may be written but in `dir`, which keeps its content; the hidden folders are covered by empty ones.
 */
static void arrange_files(const char* dir, char** hidden, int count) {
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount(dir, dir, NULL, MS_BIND, NULL) != 0)
        give_up("namespace");
    set_read_only("/", 1, 1);
    set_read_only(dir, 0, 0);
    for (int i = 0; i < count; ++i) {
        if (mount("tmpfs", hidden[i], "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k,mode=0555") != 0 &&
            errno != ENOENT)
            give_up("namespace");
    }
}

/* 1: confined; 0: the machine forbids it and the caller accepts that. */
static int separate(int unprotected, const char* dir, char** hidden, int count) {
    char map[64];
    const unsigned uid = geteuid(), gid = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS) != 0) {
        if (unprotected) return 0;
        give_up("namespace");
    }
    write_map("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", uid, uid);
    write_map("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%u %u 1", gid, gid);
    write_map("/proc/self/gid_map", map);
    arrange_files(dir, hidden, count);
    return 1;
}

/* A child that dies with this process, whenever that dies. */
static pid_t child(void) {
    int alive[2];
    if (pipe2(alive, O_CLOEXEC | O_NONBLOCK) != 0) give_up("setup");
    const pid_t pid = fork();
    if (pid < 0) give_up("setup");
    if (pid > 0) {
        close(alive[0]); /* the writing end stays open as long as this process lives */
        return pid;
    }
    char byte;
    close(alive[1]);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up("setup");
    if (read(alive[0], &byte, 1) == 0) _exit(FAILED); /* it died before that stood */
    close(alive[0]);
    return 0;
}

/* Waits for `wanted`, reaping strangers, and ends the same way. */
static int follow(pid_t wanted, int as_first_process) {
    int status = 0;
    close(REPORT);
    if (has_progress) close(PROGRESS);
    syscall(SYS_close_range, 0u, 2u, 0u);
    for (pid_t ended = 0; ended != wanted;) {
        ended = waitpid(-1, &status, 0);
        if (ended < 0 && errno != EINTR) return FAILED;
    }
    if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
    if (as_first_process) return 128 + WTERMSIG(status); /* signals of its own do not end the first process */
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    return 128 + WTERMSIG(status);
}

int main(int argc, char** argv) {
    int program = 10;
    while (program < argc && strcmp(argv[program], "--") != 0) ++program;
    if (++program >= argc) return FAILED;
    char** hidden = argv + 10;
    const int hidden_count = program - 11;
    const char* dir = argv[9];
    const uid_t uid = (uid_t)strtoul(argv[2], NULL, 10);
    const struct rlimit no_core = {0, 0};

    has_progress = atoi(argv[8]);
    syscall(SYS_close_range, has_progress ? PROGRESS + 1u : PROGRESS, ~0u, 0u);
    /* Before the user changes: a program of ours may lie where only root may walk. */
    const int executable = open(argv[program], O_PATH | O_CLOEXEC);
    setrlimit(RLIMIT_CORE, &no_core);
    setsid();
    if (geteuid() == 0 && uid != 0 &&
        (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0))
        give_up("setup");
    prctl(PR_SET_DUMPABLE, 1); /* a change of user clears it, and /proc/self would be root's */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up("setup"); /* likewise; the worker may be killed too */
    const int confined = separate(atoi(argv[1]), dir, hidden, hidden_count);

    const pid_t middle = child();
    if (middle > 0) return follow(middle, 0);
    if (confined) { /* the first process: what the outer one cannot tell from 128 + signal is told by its own
                       exit */
        const pid_t inner = child();
        if (inner > 0) return follow(inner, 1);
    }
    if (fcntl(REPORT, F_SETFD, FD_CLOEXEC) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        chdir(dir) != 0)
        give_up("setup");
    umask(077);
    limit(RLIMIT_CPU, argv[3]);
    limit(RLIMIT_AS, argv[4]);
    limit(RLIMIT_FSIZE, argv[5]);
    limit(RLIMIT_NPROC, argv[6]);
    limit(RLIMIT_NOFILE, argv[7]);
    if (executable >= 0) syscall(SYS_execveat, executable, "", argv + program, environ, AT_EMPTY_PATH);
    execve(argv[program], argv + program, environ); /* a script: its interpreter reads it by its path */
    give_up("exec");
}
