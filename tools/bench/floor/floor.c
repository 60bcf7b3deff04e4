/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Runs a command while programs that do nothing are attached where `proclife run` has its probes.
 *
 *	floor OBJECT COMMAND...		OBJECT: tools/bench/floor/floor.bpf.c, compiled; the command's exit status
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int attach_all(struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) if (!bpf_program__attach(program)) return -1;
	return 0;
}

static int run(char **argv)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("floor");
		return 1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct bpf_object *object;

	if (argc < 3) {
		fprintf(stderr, "floor OBJECT COMMAND...\n");
		return 2;
	}
	object = bpf_object__open_file(argv[1], NULL);
	if (!object || bpf_object__load(object) || attach_all(object)) {
		fprintf(stderr, "floor: %s can't be loaded and attached\n", argv[1]);
		return 1;
	}
	return run(argv + 2);
}
