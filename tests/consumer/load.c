/* A program that has the project in a shared object. */
int consumer_main(void);

int main(void) { return consumer_main(); }
