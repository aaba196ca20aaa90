// How the operating system sees a thread.
#pragma once

namespace aitbc {

// Names the calling thread, for `top -H` and debuggers; at most 15 characters count.
void name_thread(const char* name);

// The calling thread lets the process' others go first when the processors do not suffice for all. For work
// that may wait a little, such as requests, beside work that others wait for, such as blocks. Cannot be taken
// back; without effect where the system refuses.
void let_others_go_first();

}  // namespace aitbc
