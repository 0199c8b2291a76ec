"""Documents on paper: the page for printing, the PDF, the code by which a paper is checked."""
