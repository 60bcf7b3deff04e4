/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where a sink's text goes; see output.h.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/sink/output.h"
#include "user/sink/sink.h"

void output_begin(const struct sink_options *options)
{
	struct stat file;
	int fd;

	if (!options->is_own_file)
		return;
	fd = fileno(options->out);
	if (!fstat(fd, &file) && S_ISREG(file.st_mode) && ftruncate(fd, 0))
		message("can't empty the output file: %s", strerror(errno));
}

static void fail(struct output *output, int error)
{
	if (!output->error)
		output->error = error;
}

void output_write(struct output *output)
{
	struct buffer *text = &output->text;

	if (text->failed)
		fail(output, ENOMEM);
	errno = EIO; /* for a stream that fails without saying why */
	if (!output->error && text->size && fwrite(text->data, 1, text->size, output->file) != text->size)
		fail(output, errno);
	buffer_empty(text);
}

int output_flush(struct output *output)
{
	output_write(output);
	errno = EIO;
	if (fflush(output->file) || ferror(output->file))
		fail(output, errno);
	errno = output->error;
	return output->error ? -1 : 0;
}

int output_finish(struct output *output)
{
	output_flush(output);
	buffer_free(&output->text);
	errno = output->error;
	return output->error ? -1 : 0;
}
