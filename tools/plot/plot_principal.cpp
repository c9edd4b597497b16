#include "plot_principal.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mote::cli {

namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix centred(Matrix rows) {
    for (size_t column = 0; column < rows[0].size(); ++column) {
        double sum = 0;
        for (const auto &row : rows) sum += row[column];
        for (auto &row : rows) row[column] -= sum / static_cast<double>(rows.size());
    }
    return rows;
}

/* Its eigenvectors are the scores, up to their lengths; unlike the covariance it stays small where rows are long. */
Matrix products_of(const Matrix &rows) {
    Matrix products(rows.size(), std::vector<double>(rows.size()));
    for (size_t i = 0; i < rows.size(); ++i) {
        for (size_t j = 0; j <= i; ++j) {
            products[i][j] = products[j][i] = std::inner_product(rows[i].begin(), rows[i].end(), rows[j].begin(), 0.0);
        }
    }
    return products;
}

double off_diagonal(const Matrix &matrix) {
    double sum = 0;
    for (size_t i = 0; i < matrix.size(); ++i) {
        for (size_t j = 0; j < i; ++j) sum += matrix[i][j] * matrix[i][j];
    }
    return sum;
}

/* A rotation of Jacobi's, after which matrix[p][q] is 0. `vectors` has the eigenvectors as rows. */
void rotate(Matrix &matrix, Matrix &vectors, size_t p, size_t q) {
    if (matrix[p][q] == 0) return;
    double theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
    double t = (theta < 0 ? -1 : 1) / (std::fabs(theta) + std::sqrt(theta * theta + 1));
    double c = 1 / std::sqrt(t * t + 1), s = t * c;
    for (size_t k = 0; k < matrix.size(); ++k) {
        double kp = matrix[k][p], kq = matrix[k][q];
        matrix[k][p] = c * kp - s * kq;
        matrix[k][q] = s * kp + c * kq;
    }
    for (size_t k = 0; k < matrix.size(); ++k) {
        double pk = matrix[p][k], qk = matrix[q][k];
        matrix[p][k] = c * pk - s * qk;
        matrix[q][k] = s * pk + c * qk;
        double vp = vectors[p][k], vq = vectors[q][k];
        vectors[p][k] = c * vp - s * vq;
        vectors[q][k] = s * vp + c * vq;
    }
}

void diagonalize(Matrix &matrix, Matrix &vectors) {
    constexpr int most_sweeps = 60;
    double small = 1e-24 * off_diagonal(matrix);
    for (int sweep = 0; sweep < most_sweeps && off_diagonal(matrix) > small; ++sweep) {
        for (size_t p = 0; p < matrix.size(); ++p) {
            for (size_t q = p + 1; q < matrix.size(); ++q) rotate(matrix, vectors, p, q);
        }
    }
}

Component component(double eigenvalue, std::vector<double> vector, double total) {
    eigenvalue = std::max(0.0, eigenvalue);
    auto less = [](double a, double b) { return std::fabs(a) < std::fabs(b); };
    double greatest = *std::max_element(vector.begin(), vector.end(), less);
    double length = std::copysign(std::sqrt(eigenvalue), greatest);
    for (double &value : vector) value *= length;
    return {std::move(vector), total > 0 ? eigenvalue / total : 0};
}

} // namespace

std::vector<Component> two_principal_components(const std::vector<std::vector<double>> &rows) {
    Matrix matrix = products_of(centred(rows));
    size_t count = matrix.size();
    Matrix vectors(count, std::vector<double>(count));
    double total = 0;
    for (size_t i = 0; i < count; ++i) {
        vectors[i][i] = 1;
        total += matrix[i][i];
    }
    diagonalize(matrix, vectors);
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return matrix[a][a] > matrix[b][b]; });
    return {component(matrix[order[0]][order[0]], vectors[order[0]], total),
            component(matrix[order[1]][order[1]], vectors[order[1]], total)};
}

} // namespace mote::cli
