# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Sourced: where the kernels, qemu and the root folder are kept, so that a second run fetches nothing.
# shellcheck disable=SC2034 # read by the scripts that source this

vm_folder=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
source_folder=$(realpath "$vm_folder/../..")
build=$(realpath -m "${BUILD:-$source_folder/build}")
cache=$(realpath -m "${PROCLIFE_VM_CACHE:-$build/vm}")
arm64_build=$(realpath -m "${ARM64_BUILD:-$build/arm64}")

# The rows of a table (kernels or sets), or only the row of a name.
rows() { # rows TABLE [NAME]
	awk -v name="${2:-}" '!/^#/ && NF && (name == "" || $1 == name)' "$vm_folder/$1"
}

# What a machine of an architecture needs beside its kernel.
declare -A sets_of=([amd64]="qemu root" [arm64]="qemu-arm64 root")
declare -A root_of=([amd64]=root [arm64]=root-arm64)

architecture_of() { # architecture_of KERNEL
	rows kernels "$1" | awk '{ print $4 }'
}

names() { # names TABLE
	rows "$1" | awk '{ print $1 }'
}
