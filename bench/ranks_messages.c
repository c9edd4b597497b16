/* ranks_messages BYTES ROUNDS: what messages of MPI cost, as JSON: the seconds of an MPI_Allreduce of so many bytes of
 * floats, of a message of 8 bytes between two ranks, and bytes a second of one of BYTES; each the median of ROUNDS. Two
 * ranks or more; messages go between the first two. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_ROUNDS = 1000 };

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *seconds, int count) {
    qsort(seconds, (size_t)count, sizeof *seconds, ascending);
    return seconds[count / 2];
}

/* There and back, halved. */
static double message(int rank, float *buffer, int bytes, int rounds) {
    double seconds[MOST_ROUNDS];
    for (int i = 0; i < rounds; ++i) {
        MPI_Barrier(MPI_COMM_WORLD);
        const double start = MPI_Wtime();
        if (rank == 0) {
            MPI_Send(buffer, bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD);
            MPI_Recv(buffer, bytes, MPI_BYTE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        } else if (rank == 1) {
            MPI_Recv(buffer, bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            MPI_Send(buffer, bytes, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
        }
        seconds[i] = (MPI_Wtime() - start) / 2;
    }
    return median(seconds, rounds);
}

static double allreduce(const float *from, float *to, int floats, int rounds) {
    double seconds[MOST_ROUNDS];
    for (int i = 0; i < rounds; ++i) {
        MPI_Barrier(MPI_COMM_WORLD);
        const double start = MPI_Wtime();
        MPI_Allreduce(from, to, floats, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
        seconds[i] = MPI_Wtime() - start;
    }
    return median(seconds, rounds);
}

int main(int argc, char **argv) {
    int rank = 0, ranks = 0;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    const int bytes = argc == 3 ? atoi(argv[1]) : 0, rounds = argc == 3 ? atoi(argv[2]) : 0;
    float *const from = calloc((size_t)bytes + 8, 1), *const to = calloc((size_t)bytes + 8, 1);
    if (ranks < 2 || bytes < 4 || bytes % 4 != 0 || rounds < 1 || rounds > MOST_ROUNDS || from == NULL || to == NULL) {
        if (rank == 0) fprintf(stderr, "ranks_messages: usage: mpirun -n 2 ranks_messages BYTES ROUNDS (1 to 1000)\n");
        MPI_Abort(MPI_COMM_WORLD, 2);
    }
    const double reduced = allreduce(from, to, bytes / 4, rounds);
    const double latency = message(rank, from, 8, rounds), sent = message(rank, from, bytes, rounds);
    if (rank == 0) printf("{\"allreduce\":%.9f,\"latency\":%.9f,\"bandwidth\":%.0f}\n", reduced, latency, bytes / sent);
    free(from);
    free(to);
    MPI_Finalize();
    return 0;
}
