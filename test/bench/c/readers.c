/*
 * Many readers in one process, cheap enough not to be what is measured: raw sockets, one epoll loop, one shared buffer.
 * It reads frames no further than it must: how many, of which publication, how late, and whether one came twice.
 *
 * readers HOST PORT COUNT ws|eio|sse READY MESSAGES TEE PATH...
 *   READY     frames after which a reader counts as open (hello and what it missed)
 *   MESSAGES  the highest number of a publication
 *   TEE       1: every frame also goes to descriptor 3 as {u32 reader, u32 length, payload}
 *   PATH      what readers ask for, taken in turn
 * Commands on stdin, a line each: clear, report, pause, resume, and any word behind them, which the answer repeats; the
 * end of stdin ends it. Answers on stdout, a line of JSON each.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { OPENING, UPGRADING, READING, CLOSED };
enum { BUFFER = 1 << 20, AT_ONCE = 100, PER_ADDRESS = 5000, SEGMENT = 1448 };
/* Latencies in buckets of 1/64 of their size: an error of 0.8 % at most. */
enum { FINE = 6, BUCKETS = 64 << FINE };

struct reader { int fd; uint8_t state; uint32_t frames, kept; char *part; };

static struct { const char *host, *kind; int port, count, ready, messages, tee, paths; char **path; } want;
static struct reader *readers;
static uint8_t *seen;            /* a bit for each reader and publication */
static uint64_t *latest;         /* by publication: how late its last reader had it */
static uint64_t histogram[BUCKETS], received, twice, bytes, resets, closed, failed, slowest;
static int epoll, started, opened, announced;
static size_t row;
static char buffer[BUFFER + 1];

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static unsigned bucket_of(uint64_t v) {
  if (v < (1 << FINE)) return v;
  int shift = 63 - __builtin_clzll(v) - FINE;
  return ((shift + 1) << FINE) + ((v >> shift) & ((1 << FINE) - 1));
}

static uint64_t value_of(unsigned bucket) {
  if (bucket < (1 << FINE)) return bucket;
  int shift = (bucket >> FINE) - 1;
  return ((uint64_t)((1 << FINE) + (bucket & ((1 << FINE) - 1))) << shift) + ((1ull << shift) >> 1);
}

static void put(int fd, const void *data, size_t length) {
  for (size_t at = 0; at < length;) {
    ssize_t n = write(fd, (const char *)data + at, length - at);
    if (n > 0) at += n;
    else if (n < 0 && errno != EAGAIN && errno != EINTR) return;
  }
}

/* A client's frame with a mask of noughts, which changes nothing. */
static void say(struct reader *r, int opcode, const char *text, size_t length) {
  char frame[140] = {(char)(0x80 | opcode), (char)(0x80 | length)};
  if (length > 125) length = 125;
  memcpy(frame + 6, text, length);
  put(r->fd, frame, 6 + length);
}

/* A publication carries "~B<number>.<nanoseconds>~" somewhere, mostly where the one before had it. */
static const char *mark_in(const char *text, size_t length) {
  static size_t hint;
  if (hint + 2 < length && text[hint] == '~' && text[hint + 1] == 'B') return text + hint;
  const char *found = memmem(text, length, "~B", 2);
  if (found) hint = found - text;
  return found;
}

static void count(struct reader *r, const char *text, size_t length, uint64_t at) {
  const char *mark = mark_in(text, length);
  if (!mark) {
    if (length > 15 && !memcmp(text, "{\"type\":\"reset\"", 15)) resets++;
    return;
  }
  char *end;
  uint64_t number = strtoull(mark + 2, &end, 10), sent = strtoull(end + 1, NULL, 10);
  if (number >= (uint64_t)want.messages) return;
  uint8_t *bit = seen + (r - readers) * row + number / 8, mask = 1 << number % 8;
  bytes += length;
  if (*bit & mask) { twice++; return; }
  *bit |= mask;
  received++;
  uint64_t late = at > sent ? at - sent : 0;
  histogram[bucket_of(late)]++;
  if (late > latest[number]) latest[number] = late;
  if (late > slowest) slowest = late;
}

static void is_open(void) {
  opened++;
}

static void frame(struct reader *r, int opcode, const char *text, size_t length, uint64_t at) {
  if (opcode == 9) return say(r, 10, text, length);
  if (opcode == 8) return;
  int control = 0;
  if (want.kind[0] == 'e') {
    if (length == 1 && text[0] == '2') { say(r, 1, "3", 1); return; }
    if (length > 1 && text[0] == '0') { say(r, 1, "40", 2); return; }
    control = length > 1 && text[0] == '4' && text[1] == '0';
    if (control) is_open();
    r->frames++;
  } else if (++r->frames == (uint32_t)want.ready) is_open();
  if (want.tee) {
    uint32_t head[2] = {(uint32_t)(r - readers), (uint32_t)length};
    put(3, head, sizeof head);
    put(3, text, length);
  }
  /* What greets a reader may hold publications of before. */
  if (!control && r->frames > (uint32_t)want.ready) count(r, text, length, at);
}

/* The length of the first whole frame in the text, or 0. */
static size_t take(struct reader *r, const char *text, size_t length, uint64_t at) {
  if (want.kind[0] == 's') {
    const char *end = memmem(text, length, "\n\n", 2);
    if (!end) return 0;
    frame(r, 1, text, end - text, at);
    return end - text + 2;
  }
  const uint8_t *b = (const uint8_t *)text;
  if (length < 2) return 0;
  size_t head = 2, size = b[1] & 127;
  if (size == 126) {
    if (length < 4) return 0;
    size = b[2] << 8 | b[3], head = 4;
  } else if (size == 127) {
    if (length < 10) return 0;
    size = 0, head = 10;
    for (int i = 2; i < 10; i++) size = size << 8 | b[i];
  }
  if (length < head + size) return 0;
  frame(r, b[0] & 15, text + head, size, at);
  return head + size;
}

static void ask(struct reader *r) {
  char text[600];
  const char *path = want.path[(r - readers) % want.paths];
  const char *upgrade = want.kind[0] == 's' ? "Accept: text/event-stream\r\n"
    : "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  put(r->fd, text, snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: %s:%d\r\n%s\r\n", path, want.host, want.port, upgrade));
  r->state = UPGRADING;
}

static void shut(struct reader *r) {
  close(r->fd);
  if (r->state == READING) closed++; else failed++;
  r->state = CLOSED;
}

static void hear(struct reader *r) {
  size_t length = r->kept;
  if (length) {
    memcpy(buffer, r->part, length);
    free(r->part);
    r->part = NULL, r->kept = 0;
  }
  ssize_t n = read(r->fd, buffer + length, BUFFER - length);
  if (n <= 0) {
    if (n == 0 || (errno != EAGAIN && errno != EINTR)) return shut(r);
    n = 0;
  }
  length += n;
  uint64_t at = now();
  size_t done = 0;
  if (r->state == UPGRADING) {
    const char *end = memmem(buffer, length, "\r\n\r\n", 4);
    if (end) {
      if (memcmp(buffer + 9, want.kind[0] == 's' ? "200" : "101", 3)) return shut(r);
      done = end - buffer + 4;
      r->state = READING;
      if (want.ready == 0 && want.kind[0] != 'e') is_open();
    }
  }
  if (r->state == READING)
    for (size_t size; (size = take(r, buffer + done, length - done, at)) > 0;) done += size;
  if (done == length) return;
  r->kept = length - done;
  r->part = malloc(r->kept);
  memcpy(r->part, buffer + done, r->kept);
}

static void start(void) {
  struct reader *r = &readers[started];
  struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(want.port)};
  from.sin_addr.s_addr = htonl(0x7f000002 + started / PER_ADDRESS);
  inet_pton(AF_INET, want.host, &to.sin_addr);
  int on = 1, segment = SEGMENT;
  r->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (r->fd < 0) { perror("socket"); exit(1); }
  setsockopt(r->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(r->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  /* As on an Ethernet: else the kernel gives each loopback connection buffers of megabytes. */
  setsockopt(r->fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
  if (bind(r->fd, (void *)&from, sizeof from)) { perror("bind"); exit(1); }
  if (connect(r->fd, (void *)&to, sizeof to) && errno != EINPROGRESS) { perror("connect"); exit(1); }
  struct epoll_event event = {.events = EPOLLOUT, .data.ptr = r};
  epoll_ctl(epoll, EPOLL_CTL_ADD, r->fd, &event);
  started++;
}

static void listen_to(struct reader *r, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = r};
  if (r->state != CLOSED) epoll_ctl(epoll, EPOLL_CTL_MOD, r->fd, &event);
}

static int by_size(const void *a, const void *b) {
  uint64_t x = *(uint64_t *)a, y = *(uint64_t *)b;
  return x < y ? -1 : x > y;
}

static double ms(uint64_t ns) { return ns / 1e6; }

static uint64_t quantile(double q) {
  uint64_t sum = 0, target = received * q;
  for (unsigned i = 0; i < BUCKETS; i++)
    if ((sum += histogram[i]) > target) return value_of(i);
  return slowest;
}

static void report(const char *name) {
  uint64_t *last = malloc(sizeof *last * want.messages), n = 0;
  for (int i = 0; i < want.messages; i++) if (latest[i]) last[n++] = latest[i];
  qsort(last, n, sizeof *last, by_size);
#define LAST(q) (n ? ms(last[(size_t)((n - 1) * (q))]) : 0)
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  printf("{\"event\":\"%s\",\"received\":%lu,\"twice\":%lu,\"bytes\":%lu,\"resets\":%lu,\"closed\":%lu,\"failed\":%lu,"
         "\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f,\"last\":{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f},\"messages\":%lu,\"cpu\":%.6f}\n",
         name, received, twice, bytes, resets, closed, failed, ms(quantile(0.5)), ms(quantile(0.99)), ms(slowest), LAST(0.5),
         LAST(0.99), LAST(1), n, use.ru_utime.tv_sec + use.ru_stime.tv_sec + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6);
  free(last);
}

static void clear(void) {
  memset(histogram, 0, sizeof histogram);
  memset(seen, 0, row * want.count);
  memset(latest, 0, sizeof *latest * want.messages);
  received = twice = bytes = resets = closed = failed = slowest = 0;
}

static void obey(void) {
  static char line[64];
  static size_t length;
  char c;
  ssize_t n;
  while ((n = read(0, &c, 1)) == 1) {
    if (c != '\n') { if (length < sizeof line - 1) line[length++] = c; continue; }
    line[length] = 0, length = 0;
    if (!strncmp(line, "report", 6)) { report(line); continue; }
    if (!strncmp(line, "clear", 5)) clear();
    if (!strncmp(line, "pause", 5)) for (int i = 0; i < started; i++) listen_to(&readers[i], 0);
    if (!strncmp(line, "resume", 6)) for (int i = 0; i < started; i++) listen_to(&readers[i], EPOLLIN);
    printf("{\"event\":\"%s\"}\n", line);
  }
  if (n == 0) exit(0);
}

static void raise_limit(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  struct rlimit most = {1 << 17, 1 << 17};
  if (setrlimit(RLIMIT_NOFILE, &most)) limit.rlim_cur = limit.rlim_max, setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv) {
  if (argc < 9) return fprintf(stderr, "see the head of readers.c\n"), 2;
  signal(SIGPIPE, SIG_IGN);
  raise_limit();
  setvbuf(stdout, NULL, _IOLBF, 0);
  fcntl(0, F_SETFL, O_NONBLOCK);
  want.host = argv[1], want.port = atoi(argv[2]), want.count = atoi(argv[3]), want.kind = argv[4];
  want.ready = atoi(argv[5]), want.messages = atoi(argv[6]), want.tee = atoi(argv[7]);
  want.path = argv + 8, want.paths = argc - 8;
  row = want.messages / 8 + 1;
  readers = calloc(want.count, sizeof *readers);
  seen = malloc(row * want.count);
  latest = malloc(sizeof *latest * want.messages);
  clear();
  epoll = epoll_create1(0);
  struct epoll_event commands = {.events = EPOLLIN, .data.ptr = NULL}, events[512];
  epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &commands);
  for (;;) {
    while (started < want.count && started - opened - (int)failed < AT_ONCE) start();
    if (!announced && opened + (int)(failed + closed) >= want.count) {
      announced = 1;
      printf("{\"event\":\"open\",\"open\":%d,\"failed\":%lu}\n", opened, failed);
    }
    int n = epoll_wait(epoll, events, 512, -1);
    for (int i = 0; i < n; i++) {
      struct reader *r = events[i].data.ptr;
      if (!r) { obey(); continue; }
      if (r->state == CLOSED) continue;
      if (r->state == OPENING) ask(r), listen_to(r, EPOLLIN);
      else hear(r);
    }
  }
}
