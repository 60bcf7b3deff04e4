/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Sockets of a process's network, from /proc/PID/net: get_tcp4_sock() in net/ipv4/tcp_ipv4.c and its kin for TCP and UDP,
 * unix_seq_show() in net/unix/af_unix.c.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/source/holdings.h"

#define LISTENS 10		/* TCP_LISTEN */
#define UNIX_ACCEPTS (1u << 16) /* __SO_ACCEPTCON */

struct table {
	const char *file, *protocol;
	int family;
	bool listens; /* the state LISTENS means something */
};

/* Addresses are printed as 32-bit words in the machine's own order. */
static void put_address(char *to, size_t room, int family, const char *hex, unsigned int port)
{
	char shown[INET6_ADDRSTRLEN] = "?";
	unsigned int words[4] = {0};
	int count = family == AF_INET ? 1 : 4;

	for (int i = 0; i < count; i++) {
		char word[9] = "";

		memcpy(word, hex + 8 * i, 8);
		words[i] = (unsigned int)strtoul(word, NULL, 16);
	}
	inet_ntop(family, words, shown, sizeof(shown));
	snprintf(to, room, family == AF_INET ? "%s:%u" : "[%s]:%u", shown, port);
}

static bool read_internet(const char *line, const struct table *table, struct socket_name *found, char *name,
			  size_t room)
{
	char here[40], there[40], local[80], remote[80];
	unsigned int port, far_port, state;
	unsigned long long inode;
	size_t length = table->family == AF_INET ? 8 : 32;

	if (sscanf(line, " %*d: %39[0-9A-F]:%x %39[0-9A-F]:%x %x %*s %*s %*s %*s %*s %llu", here, &port, there,
		   &far_port, &state, &inode) != 6 ||
	    strlen(here) != length || strlen(there) != length)
		return false;
	put_address(local, sizeof(local), table->family, here, port);
	put_address(remote, sizeof(remote), table->family, there, far_port);
	found->inode = inode;
	found->port = (int)port;
	found->listens = table->listens && state == LISTENS;
	if (far_port)
		snprintf(name, room, "%s %s to %s", table->protocol, local, remote);
	else
		snprintf(name, room, "%s %s", table->protocol, local);
	return true;
}

/* "0000…: 00000002 00000000 00010000 0001 01 12345 /run/name" */
static bool read_unix(const char *line, struct socket_name *found, char *name, size_t room)
{
	unsigned long long inode;
	unsigned int flags;
	int path = 0;

	if (sscanf(line, "%*[^:]: %*x %*x %x %*x %*x %llu%n", &flags, &inode, &path) != 2)
		return false;
	found->inode = inode;
	found->port = 0;
	found->listens = flags & UNIX_ACCEPTS;
	line += path + strspn(line + path, " ");
	if (!*line || *line == '\n')
		line = "without a name";
	snprintf(name, room, "unix %.*s", (int)strcspn(line, "\n"), line);
	return true;
}

static void visit_table(__u32 pid, const struct table *table, socket_fn visit, void *ctx)
{
	char path[64], line[1024], name[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%u/net/%s", pid, table->file);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		struct socket_name found = {.name = name};
		bool known = table->family == AF_UNIX ? read_unix(line, &found, name, sizeof(name))
						      : read_internet(line, table, &found, name, sizeof(name));

		if (known)
			visit(ctx, &found);
	}
	if (file)
		fclose(file);
}

void sockets_visit(__u32 pid, socket_fn visit, void *ctx)
{
	static const struct table tables[] = {
		{"tcp", "tcp", AF_INET, true},	  {"tcp6", "tcp", AF_INET6, true}, {"udp", "udp", AF_INET, false},
		{"udp6", "udp", AF_INET6, false}, {"unix", "unix", AF_UNIX, true},
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		visit_table(pid, &tables[i], visit, ctx);
}
