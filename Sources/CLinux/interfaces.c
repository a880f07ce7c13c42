#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : value; }

// --- Network interfaces

int clinux_interface(const char *name, int *is_up) {
  struct ifreq request = {0};
  if (strlen(name) >= sizeof request.ifr_name) return -ENODEV;
  int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  strcpy(request.ifr_name, name);
  int index = ioctl(descriptor, SIOCGIFINDEX, &request) < 0 ? -errno : request.ifr_ifindex;
  *is_up = index > 0 && ioctl(descriptor, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP) != 0;
  close(descriptor);
  return index;
}

int clinux_ignore_outgoing(int descriptor) {
  int on = 1;
  return result(setsockopt(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on));
}

// --- Multicast groups

static const struct sockaddr *socket_address(const struct clinux_address *address) {
  return (const struct sockaddr *)(const void *)address->storage;
}

static int level_of(const struct clinux_address *group) {
  return socket_address(group)->sa_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
}

int clinux_prepare_group(int descriptor, const struct clinux_address *group) {
  int on = 1, off = 0;
  if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) return -errno;
  // Without this a socket bound to any address hears every group that any process has joined.
  int level = level_of(group);
  int option = level == IPPROTO_IPV6 ? IPV6_MULTICAST_ALL : IP_MULTICAST_ALL;
  return result(setsockopt(descriptor, level, option, &off, sizeof off));
}

static int change(
    int descriptor, const struct clinux_address *group, uint32_t interface_index, const struct clinux_address *source,
    int option, int source_option) {
  if (!source) {
    struct group_req request = {.gr_interface = interface_index};
    memcpy(&request.gr_group, group->storage, group->byte_count);
    return result(setsockopt(descriptor, level_of(group), option, &request, sizeof request));
  }
  struct group_source_req request = {.gsr_interface = interface_index};
  memcpy(&request.gsr_group, group->storage, group->byte_count);
  memcpy(&request.gsr_source, source->storage, source->byte_count);
  return result(setsockopt(descriptor, level_of(group), source_option, &request, sizeof request));
}

int clinux_join_group(
    int descriptor, const struct clinux_address *group, uint32_t interface_index, const struct clinux_address *source) {
  return change(descriptor, group, interface_index, source, MCAST_JOIN_GROUP, MCAST_JOIN_SOURCE_GROUP);
}

int clinux_leave_group(int descriptor, const struct clinux_address *group, uint32_t interface_index) {
  return change(descriptor, group, interface_index, NULL, MCAST_LEAVE_GROUP, 0);
}

int clinux_keep_on_host(int descriptor, const struct clinux_address *group, uint32_t interface_index) {
  int none = 0, on = 1, index = (int)interface_index;
  if (level_of(group) == IPPROTO_IPV6) {
    if (setsockopt(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &none, sizeof none) < 0) return -errno;
    if (setsockopt(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &on, sizeof on) < 0) return -errno;
    return result(setsockopt(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index));
  }
  if (setsockopt(descriptor, IPPROTO_IP, IP_MULTICAST_TTL, &none, sizeof none) < 0) return -errno;
  if (setsockopt(descriptor, IPPROTO_IP, IP_MULTICAST_LOOP, &on, sizeof on) < 0) return -errno;
  struct ip_mreqn by = {.imr_ifindex = index};
  return result(setsockopt(descriptor, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof by));
}
