/* The project as an extension of Python: a module with the one function run(). */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

int consumer_main(void);

static PyObject *run(PyObject *self, PyObject *arguments) {
    (void)self;
    (void)arguments;
    return PyLong_FromLong(consumer_main());
}

static PyMethodDef functions[] = {{"run", run, METH_NOARGS, "Learns a sentence and prints what it learned."},
                                  {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "mote_consumer", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_mote_consumer(void);
PyMODINIT_FUNC PyInit_mote_consumer(void) { return PyModule_Create(&module); }
