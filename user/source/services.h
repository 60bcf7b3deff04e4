/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Services of systemd, by the paths of their control groups. Pipeline includes it.
 */
#ifndef PROCLIFE_SERVICES_H
#define PROCLIFE_SERVICES_H

#include <stdbool.h>
#include <stddef.h>

#define SERVICE_NAME_SIZE 256 /* with the NUL */

enum service_state { SERVICE_UNKNOWN, SERVICE_ACTIVE, SERVICE_OVER };

/*
 * The service that a control group belongs to: to this machine's manager, or a user's on it, who has it as *state says; else the
 * innermost that the path names, as within a container. False: none. systemd keeps a link in units/ for each unit that is neither
 * inactive nor failed (src/core/unit.c, unit_export_invocation_id(), unit_notify()). Not known: without systemd, where /run is not
 * to be seen, and of services within a container.
 */
bool service_of(const char *cgroup, char unit[SERVICE_NAME_SIZE], enum service_state *state);

#endif
