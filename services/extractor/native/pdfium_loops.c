/* Loops over functions of pdfium: each calls one function for many objects or characters and keeps what it says.
 *
 * A call from Python costs some 300 ns, one from here 10 to 20. This file knows nothing of PDF, includes nothing of pdfium or Python, and
 * is not linked with either: functions come as addresses. adapters/python_loops.py does the same without a compiler, and is what every
 * result is compared with (tests/unit/extractor/test_extractor_native.py).
 *
 * Bounds: every array has room for `n` rows; the caller allocates it by `n` (adapters/native_loops.py). Nothing is read from the document
 * here; what pdfium refuses leaves its row as it was (zero).
 *
 * Compiled at set-up by bin/install.py:  cc -O2 -shared -fPIC
 */
#include <stddef.h>
#include <stdint.h>

typedef void *handle;

/* An argument that is the same for all (step 0) or one per row (step 1). */
#define PICK(values, step, k) (values)[(size_t)(k) * (size_t)(step)]

void loop_numbers(int (*call)(handle), int64_t n, const handle *of, int32_t *out) {
    for (int64_t k = 0; k < n; k++) out[k] = call(of[k]);
}

void loop_addresses(handle (*call)(handle), int64_t n, const handle *of, handle *out) {
    for (int64_t k = 0; k < n; k++) out[k] = call(of[k]);
}

void loop_numbers_at(int (*call)(handle, int), int64_t n, const handle *of, int of_step, const int32_t *at, int at_step, int32_t *out) {
    for (int64_t k = 0; k < n; k++) out[k] = call(PICK(of, of_step, k), PICK(at, at_step, k));
}

void loop_addresses_at(handle (*call)(handle, int), int64_t n, const handle *of, int of_step, const int32_t *at, int at_step, handle *out) {
    for (int64_t k = 0; k < n; k++) out[k] = call(PICK(of, of_step, k), PICK(at, at_step, k));
}

void loop_parts(handle (*call)(handle, int, int), int64_t n, const handle *of, int part, const int32_t *at, int at_step, handle *out) {
    for (int64_t k = 0; k < n; k++) out[k] = call(of[k], part, PICK(at, at_step, k));
}

void loop_doubles_at(double (*call)(handle, int), int64_t n, handle of, const int32_t *at, double *out) {
    for (int64_t k = 0; k < n; k++) out[k] = call(of, at[k]);
}

/* Rows of `row` bytes: the function gets the address of the row, or those of its 2 or 4 values of `item` bytes. */
void loop_fill(void *call, int64_t n, const handle *of, int pointers, int64_t item, int64_t row, char *out) {
    if (pointers == 1) {
        int (*one)(handle, void *) = (int (*)(handle, void *))call;
        for (int64_t k = 0; k < n; k++, out += row) one(of[k], out);
    } else if (pointers == 2) {
        int (*two)(handle, void *, void *) = (int (*)(handle, void *, void *))call;
        for (int64_t k = 0; k < n; k++, out += row) two(of[k], out, out + item);
    } else if (pointers == 4) {
        int (*four)(handle, void *, void *, void *, void *) = (int (*)(handle, void *, void *, void *, void *))call;
        for (int64_t k = 0; k < n; k++, out += row) four(of[k], out, out + item, out + 2 * item, out + 3 * item);
    }
}

/* The same for the characters of one text page. */
void loop_fill_at(void *call, int64_t n, handle of, const int32_t *at, int pointers, int64_t item, int64_t row, char *out) {
    if (pointers == 1) {
        int (*one)(handle, int, void *) = (int (*)(handle, int, void *))call;
        for (int64_t k = 0; k < n; k++, out += row) one(of, at[k], out);
    } else if (pointers == 2) {
        int (*two)(handle, int, void *, void *) = (int (*)(handle, int, void *, void *))call;
        for (int64_t k = 0; k < n; k++, out += row) two(of, at[k], out, out + item);
    } else if (pointers == 4) {
        int (*four)(handle, int, void *, void *, void *, void *) = (int (*)(handle, int, void *, void *, void *, void *))call;
        for (int64_t k = 0; k < n; k++, out += row) four(of, at[k], out, out + item, out + 2 * item, out + 3 * item);
    }
}
