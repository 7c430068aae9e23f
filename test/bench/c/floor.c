/*
 * The floor: what it costs this machine to write a frame to each socket, and nothing else. No handshake key is checked,
 * nothing is remembered. A POST's body goes as one text frame to every reader, a write each.
 *
 * floor          prints {"port":N}
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 1 << 17, REQUEST = 16384 };

static int readers[MOST], count, epoll;

static void put(int fd, const char *data, size_t length) {
  for (size_t at = 0; at < length;) {
    ssize_t n = write(fd, data + at, length - at);
    if (n > 0) { at += n; continue; }
    if (errno != EAGAIN) return;
    struct pollfd full = {.fd = fd, .events = POLLOUT};
    poll(&full, 1, -1);
  }
}

static void broadcast(const char *body, size_t length) {
  static char frame[REQUEST + 4];
  size_t head = length < 126 ? 2 : 4;
  frame[0] = (char)0x81, frame[1] = length < 126 ? (char)length : 126;
  if (head == 4) frame[2] = length >> 8, frame[3] = length;
  memcpy(frame + head, body, length);
  for (int i = 0; i < count; i++) put(readers[i], frame, head + length);
}

static void hear(int fd) {
  char text[REQUEST + 1];
  ssize_t n = read(fd, text, REQUEST);
  if (n <= 0) {
    for (int i = 0; i < count; i++) if (readers[i] == fd) readers[i] = readers[--count];
    close(fd);
    return;
  }
  text[n] = 0;
  if (!strncmp(text, "GET ", 4)) {
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    put(fd, answer, sizeof answer - 1);
    readers[count++] = fd;
  } else if (!strncmp(text, "POST ", 5)) {
    char *field = strcasestr(text, "content-length:"), *body = strstr(text, "\r\n\r\n");
    if (!field || !body) return;
    size_t length = atoi(field + 15), have = text + n - (body + 4);
    while (have < length) {
      struct pollfd more = {.fd = fd, .events = POLLIN};
      poll(&more, 1, 1000);
      if ((n = read(fd, body + 4 + have, length - have)) <= 0) return;
      have += n;
    }
    broadcast(body + 4, length);
    put(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 38);
  }
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  if (bind(door, (void *)&address, size) || listen(door, 4096)) return perror("listen"), 1;
  getsockname(door, (void *)&address, &size);
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = door}, events[256];
  epoll_ctl(epoll, EPOLL_CTL_ADD, door, &event);
  for (;;) {
    int n = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < n; i++) {
      if (events[i].data.fd != door) { hear(events[i].data.fd); continue; }
      for (int fd; (fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event added = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &added);
      }
    }
  }
}
